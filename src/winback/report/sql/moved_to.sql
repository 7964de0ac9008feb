-- What the report has of the accounts that churned or were won.
select * from met
where is_listed and reason is null and exists (select 1 from moves where moves.uid = met.uid and moves.kind is not null)
