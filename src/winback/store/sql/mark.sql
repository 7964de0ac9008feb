insert into data_state values (random())
