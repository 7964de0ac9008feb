insert into staged_updates (uid, csm_name, csm_email, gmv, revenue, has_new_csm, has_new_worth) values (%s, %s, %s, %s, %s, %s, %s)
