"""A day with Polars: the report scanned lazily, a full join on the UID. `polars_join.py REPORT`."""

import json
import sys
from pathlib import Path

import polars as pl

STATE, NEXT = Path("state.parquet"), Path("next.parquet")
VALUES = ["merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue"]

today = pl.scan_csv(sys.argv[1], schema_overrides={"uid": pl.String})
if STATE.exists():
    yesterday = pl.scan_parquet(STATE)
    joined = yesterday.join(today, on="uid", how="full", suffix="_now")
    before, now = pl.col("is_product_enabled"), pl.col("is_product_enabled_now")
    both = pl.col("uid").is_not_null() & pl.col("uid_now").is_not_null()
    counts = joined.select(
        (both & before & ~now).sum().alias("churned"),
        (both & ~before & now).sum().alias("won"),
        pl.col("uid").is_null().sum().alias("new"),
        pl.col("uid_now").is_null().sum().alias("missing"),
        (both & pl.any_horizontal(pl.col(name) != pl.col(f"{name}_now") for name in VALUES)).sum().alias("changed"),
    ).collect(engine="streaming")
    print(json.dumps(counts.row(0, named=True)))
    today = pl.concat([today, yesterday.join(today, on="uid", how="anti")])
today.sink_parquet(NEXT)
NEXT.replace(STATE)
