"""The reference input: two days of N accounts, the same for the same seed. `python bench/generate.py N FOLDER`

Eight columns, rows in another order on each day. Of all accounts, from one day to the next: 0.4 % churn, 0.3 % are won,
0.1 % are new, 0.1 % are missing, 5 % have another GMV.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

SEED = 20261103
# Parts of 10,000 on which an account's fate for day 2 is drawn.
_ACCOUNTS = """
    with drawn as (
        select
            i,
            hash(i, {seed}) % 10000                                     as fate,
            hash(i, {seed}, 'gmv') % 10000                              as spread,
            hash(i, {seed}, 'enabled') % 100 < 80                       as is_enabled,
            1 + hash(i, {seed}, 'csm') % {csms}                         as csm
        from range({accounts}) as numbers (i)
    )
    select
        i,
        'A-' || lpad(cast(i as varchar), 9, '0')                        as uid,
        'Merchant ' || i                                                as merchant_name,
        'CSM ' || csm                                                   as csm_name,
        'csm' || csm || '@northlane.example'                            as csm_email,
        ['EMEA', 'APAC', 'NA', 'LATAM'][1 + cast(csm % 4 as integer)]   as region,
        cast(500 + spread * spread / 2000.0 as decimal(18, 2))          as gmv,
        case
            when fate < 40 then true
            when fate < 70 then false
            else is_enabled
        end                                                             as enabled_before,
        fate
    from drawn
"""
_DAY = """
    select
        uid, merchant_name, csm_name, csm_email, region,
        case when {day} = 2 and fate >= 90 and fate < 590 then cast(gmv * 1.1 as decimal(18, 2)) else gmv end as gmv,
        cast(gmv * 0.02 as decimal(18, 2))                              as revenue,
        case when {day} = 2 and fate < 70 then not enabled_before else enabled_before end as is_product_enabled
    from accounts
    where fate < 70 or fate >= 90 or (fate < 80 and {day} = 2) or (fate >= 80 and {day} = 1)
    order by hash(i, {seed}, {day})
"""


def write_days(accounts: int, folder: Path, seed: int = SEED) -> None:
    """Writes day_1 and day_2, each as .csv and as .parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    csms = max(1, accounts // 5000)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"create temp view accounts as {_ACCOUNTS.format(seed=seed, accounts=accounts, csms=csms)}")
        for day in (1, 2):
            parquet = folder / f"day_{day}.parquet"
            connection.execute(f"copy ({_DAY.format(day=day, seed=seed)}) to '{parquet}' (format parquet)")
            connection.execute(f"copy (from '{parquet}') to '{parquet.with_suffix('.csv')}' (header)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("accounts", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    write_days(given.accounts, given.folder)
