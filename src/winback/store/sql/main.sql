-- Before the name of a table of the database, where a common table has the same name (sql/narrowed.sql).
main.
