select id, nonce from touched order by id desc limit 1
