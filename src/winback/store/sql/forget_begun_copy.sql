delete from columns_copy where name = ''
