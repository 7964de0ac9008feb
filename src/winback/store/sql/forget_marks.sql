delete from data_state
