delete from touched where id <= %(mark)s
