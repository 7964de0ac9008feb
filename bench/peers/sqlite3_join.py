"""A day with the standard library: csv and sqlite3, all accounts in one table. `sqlite3_join.py REPORT`."""

import csv
import json
import sqlite3
import sys
from pathlib import Path

COLUMNS = ["uid", "merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue", "is_product_enabled"]
TABLE = f"({', '.join(f'{name} text' for name in COLUMNS)}, primary key (uid)) without rowid"
VALUES = COLUMNS[1:-1]

database = sqlite3.connect("state.sqlite3")
database.execute(f"create table if not exists accounts {TABLE}")
database.execute(f"create table today {TABLE}")
with Path(sys.argv[1]).open(encoding="utf-8", newline="") as report:
    rows = csv.reader(report)
    next(rows)
    database.executemany(f"insert into today values ({', '.join('?' * len(COLUMNS))})", rows)
counted = database.execute(f"""
    select
        coalesce(sum(before.is_product_enabled = 'true' and now.is_product_enabled = 'false'), 0) as churned,
        coalesce(sum(before.is_product_enabled = 'false' and now.is_product_enabled = 'true'), 0) as won,
        coalesce(sum(before.uid is null), 0)                                                      as new,
        coalesce(sum(now.uid is null), 0)                                                         as missing,
        coalesce(sum({" or ".join(f"before.{name} <> now.{name}" for name in VALUES)}), 0)        as changed
    from accounts as before full join today as now on now.uid = before.uid
""")
names = [name for name, *_ in counted.description]
print(json.dumps(dict(zip(names, counted.fetchone(), strict=True))))
database.execute("insert or replace into accounts select * from today")
database.execute("drop table today")
database.commit()
