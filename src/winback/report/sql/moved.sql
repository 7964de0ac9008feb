-- What the history has of the accounts that moved.
select * from t1 where exists (select 1 from moves where moves.uid = t1.uid)
