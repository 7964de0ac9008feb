delete from view_settings
