select count(*) from touched where id > %(mark)s
