"""The whole loop on the dummy data, to see how it works: `python examples/product_churn_dummy_script.py`"""

from __future__ import annotations

import tempfile
from pathlib import Path

import winback

DATA = Path(__file__).parent / "data"
PULLS = {
    "historical_data_set.csv": "2026-11-02T09:00Z",
    "day_2.csv": "2026-11-05T09:00Z",
    "day_3.csv": "2026-11-07T09:00Z",
}
# Our name for a column, and the report's. Region, GMV, Revenue and is_product_enabled are found by name.
COLUMNS = {
    "uid": "UID",
    "merchant_name": "Merchant",
    "csm_name": "CSM",
    "csm_email": "CSM email",
    "changed_at": "Status changed",
}
SETTINGS = f'[products.payments]\nreport = "{DATA.as_posix()}"\n[products.payments.columns]\n' + "".join(
    f'{ours} = "{theirs}"\n' for ours, theirs in COLUMNS.items()
)

print("1. Two reports compared: no workspace, no memory, only what differs.\n")
changes = winback.compare(DATA / "historical_data_set.csv", DATA / "day_2.csv", columns=COLUMNS)
for account in changes.to_pylist():
    print("{change:<8} {uid:<7} {merchant_name}, {region}".format_map(account))

print("\n2. A workspace remembers. Three pulls; each message is printed as its CSM would read it.\n")
with tempfile.TemporaryDirectory() as folder:
    winback.make_workspace(folder, SETTINGS)
    with winback.open_workspace(folder) as workspace:
        for report, at in PULLS.items():
            pull = workspace.pull("payments", DATA / report, at)
            print(f"{report}: {pull.status}, {pull.churned} churned, {pull.won} won, {pull.missing} missing\n")

        print("3. The tables, as of any moment; here as of the last pull.\n")
        for case in workspace.table("at_risk", at=at).to_pylist():
            print("at risk {hours_since_churn:>6} h  {merchant_name}, {csm_name_now}".format_map(case))
        for win in workspace.table("wins", at=at).to_pylist():
            print("{kind:<12} {won_at:%d %b %H:%M}  {merchant_name}, {csm_name}".format_map(win))

        print("\n4. The KPIs.\n")
        kpis = workspace.kpis(at=at)
        for name in ("at_risk", "churned", "won", "recovered"):
            print("{:<9} {accounts:>3} accounts, GMV {gmv:>10}, revenue {revenue:>9}".format(name, **kpis[name]))
