insert into data_state values ((random() * 9007199254740992)::bigint)
