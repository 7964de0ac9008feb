-- Unless somebody has done so meanwhile.
update columns_copy set name = %(name)s, mark = %(mark)s where name = %(known)s and mark = %(known_mark)s
