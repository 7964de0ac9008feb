-- From the row on the triggers note what is touched. No name: nothing is copied yet.
insert into columns_copy (name, mark) select '', 0 where not exists (select 1 from columns_copy)
