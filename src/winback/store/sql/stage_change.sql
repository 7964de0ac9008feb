-- One churn or win on its way into the database; columns as the engine gives them (report/sql/changes.sql), amounts in ten-thousandths.
insert into staged_changes (
    uid, kind, moved_at, merchant_name, csm_name, csm_email, region, gmv, revenue, is_listed,
    csm_name_now, csm_email_now, gmv_now, revenue_now, other_columns
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
