"""A day with datacompy on Polars: two tables compared column by column. `datacompy_compare.py REPORT`."""

import json
import sys
from pathlib import Path

import datacompy
import polars as pl

STATE = Path("state.parquet")
VALUES = ["merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue"]

today = pl.read_csv(sys.argv[1], schema_overrides={"uid": pl.String})
if STATE.exists():
    yesterday = pl.read_parquet(STATE)
    compare = datacompy.PolarsCompare(yesterday, today, join_columns="uid", df1_name="before", df2_name="now")
    both = compare.intersect_rows
    before, now = both["is_product_enabled_before"], both["is_product_enabled_now"]
    same = pl.all_horizontal(f"{name}_match" for name in VALUES)
    missing = compare.df1_unq_rows
    counts = {
        "churned": (before & ~now).sum(),
        "won": (~before & now).sum(),
        "new": len(compare.df2_unq_rows),
        "missing": len(missing),
        "changed": both.select((~same).sum()).item(),
    }
    print(json.dumps(counts))
    today = pl.concat([today, missing.select(today.columns)])
today.write_parquet(STATE)
