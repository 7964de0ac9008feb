"""`winback impact`: for people, and as JSON."""

from __future__ import annotations

from pathlib import Path

from tests.workspaces import Place, account

SETTINGS = """
[cases]
holdout = 0.5
[products.payments.guard]
max_churn = 1
max_group = 1
"""


def churned(folder: Path) -> Place:
    place = Place(folder, SETTINGS)
    names = [f"m{number}" for number in range(8)]
    place.write("2026-09-01", [account(name) for name in [*names, "x"]])
    place.write("2026-09-02", [account(name, name == "x") for name in [*names, "x"]])
    for on in ("2026-09-01", "2026-09-02"):
        place.done("pull", "--at", on, "--report", str(place.reports / f"payments_{on}.csv"))
    return place


def test_a_table_for_people_and_json_for_scripts(tmp_path: Path) -> None:
    place = churned(tmp_path)
    shown = place.done("impact", "--at", "2026-10-20", "--product", "payments", "--region", "EMEA").out
    assert shown.startswith("Impact at 2026-10-20T00:00:00Z, product payments, region EMEA; amounts in USD a month\n")
    assert "Too few cases to say: " in shown
    found = place.done("impact", "--at", "2026-10-20", "--format", "json").json
    assert found["impact"]["holdout"] + found["impact"]["messaged"] == 8
    assert place.done("kpis", "--at", "2026-10-20", "--format", "json").json["impact"] == {
        name: found["impact"][name] for name in ("holdout", "messaged", "lift", "low", "high", "verdict")
    }
    assert list(found) == [
        *("at", "product", "region", "csm", "currency", "revenue_period"),
        *("impact", "value", "curves", "cohorts", "still_enabled", "usefulness"),
    ]


def test_a_product_that_there_is_not(tmp_path: Path) -> None:
    ran = churned(tmp_path).run("impact", "--product", "loans")
    assert (ran.status, ran.line) == (2, 'there is no product "loans" in winback.toml; there are: payments')


def test_the_kpis_for_people_have_the_verdict_in_a_line(tmp_path: Path) -> None:
    place = churned(tmp_path)
    assert "\nImpact: no holdout\n" in place.done("kpis", "--at", "2026-09-01").out
    assert "\nImpact: too few cases to say\n" in place.done("kpis", "--at", "2026-09-20").out
    said = place.done("kpis", "--at", "2026-10-20").out
    assert "\nImpact: too few cases to say; +0.0 points, −" in said
    assert " held-out cases of at least 30 days\n" in said
