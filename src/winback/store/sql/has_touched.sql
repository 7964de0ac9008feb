select 1 from touched where id = %(id)s and nonce = %(nonce)s
