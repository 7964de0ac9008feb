-- Another after everything that is written to what the tables show: see migrations/0011_views.py.
select sum(nonce) from data_state
