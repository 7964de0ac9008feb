create temporary table staged_crm_accounts (ref {{text}} primary key, name {{text}}, uid {{text}})
