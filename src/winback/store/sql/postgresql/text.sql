-- Compared and ordered by bytes, as SQLite does.
text collate "C"
