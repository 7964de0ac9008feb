"""A day with pandas, as an analyst writes it: an outer merge on the UID. `pandas_merge.py REPORT`."""

import json
import sys
from pathlib import Path

import pandas as pd

STATE = Path("state.parquet")
VALUES = ["merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue"]

# NA is a region, not a missing value.
today = pd.read_csv(sys.argv[1], dtype={"uid": str}, keep_default_na=False, na_values=[""])
if STATE.exists():
    yesterday = pd.read_parquet(STATE)
    merged = yesterday.merge(today, on="uid", how="outer", suffixes=("_before", "_now"), indicator=True)
    both = merged[merged["_merge"] == "both"]
    before = both["is_product_enabled_before"].astype(bool)
    now = both["is_product_enabled_now"].astype(bool)
    changed = pd.Series(False, index=both.index)
    for name in VALUES:
        changed |= both[f"{name}_before"] != both[f"{name}_now"]
    missing = yesterday[~yesterday["uid"].isin(today["uid"])]
    counts = {
        "churned": int((before & ~now).sum()),
        "won": int((~before & now).sum()),
        "new": int((merged["_merge"] == "right_only").sum()),
        "missing": len(missing),
        "changed": int(changed.sum()),
    }
    print(json.dumps(counts))
    today = pd.concat([today, missing])
today.to_parquet(STATE)
