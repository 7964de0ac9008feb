select name, mark from columns_copy
