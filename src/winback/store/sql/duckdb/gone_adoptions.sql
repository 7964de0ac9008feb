-- The rows of a copy that count no more: of accounts that are read anew, and those that are deleted, of which `touched` alone tells.
-- Parameter: touched, their numbers.
create table gone_adoptions as
select id from (select unnest(cast(%(touched)s as bigint[])) as id union select id from fresh_adoptions) as gone where id is not null
