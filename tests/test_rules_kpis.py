"""rules.md §7: the figures at a moment, or of a period."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.programme import NOTHING, Programme, day, figure, in_bands, rows, total

SECOND = timedelta(seconds=1)


def story(folder: Path) -> Programme:
    """On day 100: a lost, b at risk and re-churned, c won back, d adopted; e and f as they were."""
    emea, apac = {"region": "EMEA", "csm_name": "Dana"}, {"region": "APAC", "csm_name": "Lee"}
    worth = {"a": {"gmv": "100.10", "revenue": "1.01"}, "b": {"gmv": "200.20"}, "c": {"gmv": "400.40", "revenue": "4"}}
    worth |= {"d": {"gmv": "800.80", "revenue": "8.08"}}
    cells = {uid: {**(apac if uid in "bd" else emea), **worth.get(uid, {"gmv": "1"})} for uid in "abcdef"}
    programme = Programme(folder)
    for number, words in (
        (1, "a+ b+ c+ d- e+ f-"),
        (2, "a- b- c+ d- e+ f-"),
        (10, "a- b+ c- d- e+ f-"),
        (98, "a- b- c- d- e+ f-"),
        (99, "a- b- c+ d+ e+ f-"),
    ):
        programme.pull(number, rows(words, **cells))
    programme.now = day(100)
    return programme


@pytest.mark.rule("R7.1")
def test_accounts_gmv_and_revenue_are_sums_of_frozen_values(tmp_path: Path) -> None:
    figures = story(tmp_path).kpis()
    assert total(figures["at_risk"]) == figure(1, "200.20", "0.00")
    assert total(figures["churned"]) == figure(1, "100.10", "1.01")
    assert total(figures["won"]) == figure(2, "1201.20", "12.08")
    assert (figures["won"]["win_backs"], figures["won"]["new_adoptions"]) == (1, 1)
    assert total(figures["recovered"]) == figure(1, "400.40", "4.00")


@pytest.mark.rule("R7.1", "R4.9")
def test_figures_are_those_of_any_past_moment(tmp_path: Path) -> None:
    programme = story(tmp_path)
    assert total(programme.kpis(at=1)["at_risk"]) == NOTHING
    assert total(programme.kpis(at=2)["at_risk"]) == figure(2, "300.30", "1.01")
    assert total(programme.kpis(at=10)["recovered"]) == figure(1, "200.20", "0.00")
    assert total(programme.kpis(at=91)["churned"]) == NOTHING
    assert total(programme.kpis(at=92)["churned"]) == figure(1, "100.10", "1.01")
    assert total(programme.kpis(at=99)["recovered"]) == figure(1, "400.40", "4.00")


@pytest.mark.rule("R7.1")
@pytest.mark.parametrize(
    ("filters", "at_risk", "churned", "won"),
    [
        ({"region": "EMEA"}, 0, 1, 1),
        ({"region": "APAC"}, 1, 0, 1),
        ({"region": "emea"}, 0, 0, 0),
        ({"csm": "Dana"}, 0, 1, 1),
        ({"csm": "Lee"}, 1, 0, 1),
        ({"csm": "Lee", "region": "EMEA"}, 0, 0, 0),
        ({"product": "payments"}, 1, 1, 2),
    ],
    ids=str,
)
def test_figures_are_filtered_by_frozen_region_and_owner(
    tmp_path: Path, filters: dict[str, str], at_risk: int, churned: int, won: int
) -> None:
    figures = story(tmp_path).kpis(**filters)
    found = [figures[name]["accounts"] for name in ("at_risk", "churned", "won")]
    assert found == [at_risk, churned, won]
    assert {name: figures[name] for name in filters} == filters


@pytest.mark.rule("R7.1", "R7.2", "R7.4", "R7.5", "R7.7")
def test_all_products_add_up_and_each_can_be_seen_alone(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product="[products.usage]\nreport = 'usage'")
    with programme.open(4) as workspace:
        for product, gone in (("payments", "a- b+ c+"), ("usage", "a- b- c+")):
            workspace.pull(product, programme.file(rows("a+ b+ c+", {"gmv": 10, "csm_name": "Dana"})), day(1))
            workspace.pull(product, programme.file(rows(gone, {"gmv": 10, "csm_name": "Dana"})), day(2))
        found = {name: workspace.kpis(product=name) for name in (None, "payments", "usage")}
        flows = {name: workspace.flows(day(1), day(3), product=name) for name in (None, "payments", "usage")}
    assert [each["at_risk"]["gmv"] for each in found.values()] == ["30.00", "10.00", "20.00"]
    assert [in_bands(each["at_risk"])[1] for each in found.values()] == [3, 1, 2]
    assert [each["time_since_churn_hours"]["count"] for each in found.values()] == [3, 1, 2]
    assert [each["by_csm"][0]["at_risk"] for each in found.values()] == [3, 1, 2]
    assert [each["churns"]["accounts"] for each in flows.values()] == [3, 1, 2]


# By credit and region


@pytest.mark.rule("R7.3")
def test_without_claims_and_activity_all_wins_and_losses_are_self_service(tmp_path: Path) -> None:
    programme = story(tmp_path)
    figures = programme.kpis()
    assert figures["credit"].keys() == {
        "csm_true_wins", "assisted_wins", "self_service_wins", "csm_losses", "csm_true_losses", "self_service_losses",
    }  # fmt: skip
    credit = {name: total(document) for name, document in figures["credit"].items()}
    assert credit.pop("self_service_wins") == total(figures["recovered"]) == figure(1, "400.40", "4.00")
    assert credit.pop("self_service_losses") == total(figures["churned"]) == figure(1, "100.10", "1.01")
    assert list(credit.values()) == [NOTHING] * 4
    assert figures["recovered"]["csm_revenue"] == "0.00"
    assert programme.column("wins", "credit") == {"c": "self_service", "d": None}
    assert programme.column("readopted", "credit") == {"b": "self_service", "c": "self_service"}


@pytest.mark.rule("R7.3")
def test_recovered_revenue_is_shown_by_frozen_region(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    cells: dict[str, dict[str, object]] = {
        "a": {"region": "EMEA", "revenue": "1.10"},
        "b": {"region": "EMEA", "revenue": "2.20"},
        "c": {"region": "NA", "revenue": ""},
        "d": {"region": "", "revenue": "4"},
        "e": {"region": "APAC", "revenue": "8"},
    }
    programme.pull(1, rows("a+ b+ c+ d+ e- f+", **cells))
    programme.pull(2, rows("a- b- c- d- e- f+", {"region": "NA"}))
    programme.pull(3, rows("a+ b+ c+ d+ e+ f+", **cells))
    assert programme.kpis()["recovered"]["by_region"] == {"": "4.00", "EMEA": "3.30", "NA": "0.00"}


# By CSM


@pytest.mark.rule("R7.5")
def test_there_is_a_row_for_every_csm_who_owns_a_case(tmp_path: Path) -> None:
    cells = {
        "a": {"csm_name": "Dana", "csm_email": "D@x.example", "gmv": "1"},
        "b": {"csm_name": "Dana", "csm_email": "d@X.example", "gmv": "2"},
        "c": {"csm_name": "Lee", "gmv": "4"},
        "d": {"gmv": "8"},
        "e": {"csm_name": "Kim", "gmv": "16"},
        "f": {"csm_name": "Ann", "gmv": "32"},
        "g": {"csm_name": "Eve", "gmv": "64"},
    }
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+ c+ d+ e+ f- g+ h+", **cells))
    programme.pull(2, rows("a- b- c+ d- e+ f+ g- h+", **cells))
    programme.pull(3, rows("a- b- c- d- e+ f+ g+ h+", **cells | {"c": {"csm_name": "Kim", "gmv": "5"}}))
    by_csm = {row["csm_name"]: row for row in programme.kpis()["by_csm"]}
    assert by_csm.keys() == {"Dana", "Kim", "", "Eve"}
    assert [(row["at_risk"], row["gmv_at_risk"]) for row in map(by_csm.get, ["Dana", "Kim", "", "Eve"]) if row] == [
        (2, "3.00"),
        (1, "4.00"),
        (1, "8.00"),
        (0, "0.00"),
    ]
    assert {name: row["self_service_wins"] for name, row in by_csm.items()} == {"Dana": 0, "Kim": 0, "": 0, "Eve": 1}
    assert by_csm["Dana"]["csm_email"].lower() == "d@x.example"
    nothing = ("csm_true_wins", "assisted_wins", "csm_losses", "csm_true_losses", "claims", "answered", "useful")
    assert {row[name] for row in by_csm.values() for name in nothing} == {0}
    assert {row["revenue_recovered"] for row in by_csm.values()} == {"0.00"}
    assert [row["csm_name"] for row in programme.kpis(csm="Kim")["by_csm"]] == ["Kim"]


@pytest.mark.rule("R7.5")
def test_the_owner_of_a_lost_case_has_a_row(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[cases]\nlost_after_days = 1")
    programme.pull(1, rows("a+ b+", {"csm_name": "Dana"}))
    programme.pull(2, rows("a- b+", {"csm_name": "Dana"}))
    programme.now = day(3)
    (row,) = programme.kpis()["by_csm"]
    assert (row["csm_name"], row["at_risk"], row["csm_losses"]) == ("Dana", 0, 0)


# Periods


@pytest.mark.rule("R7.7")
def test_a_period_counts_what_has_its_moment_in_it(tmp_path: Path) -> None:
    programme = story(tmp_path)
    flows = programme.flows(1, 100)
    assert total(flows["churns"]) == figure(4, "900.90", "5.01")
    assert total(flows["win_backs"]) == figure(2, "600.60", "4.00")
    assert flows["win_backs"]["rechurned"] == figure(1, "200.20", "0.00")
    assert total(flows["new_adoptions"]) == figure(1, "800.80", "8.08")
    assert total(flows["losses"]) == figure(1, "100.10", "1.01")
    assert programme.flows(1, 100, region="APAC")["churns"]["accounts"] == 2
    assert programme.flows(1, 100, csm="Dana")["losses"]["accounts"] == 1


@pytest.mark.rule("R7.7")
def test_a_period_holds_its_beginning_and_not_its_end(tmp_path: Path) -> None:
    programme = story(tmp_path)

    def counts(start: object, end: object) -> list[int]:
        flows = programme.flows(start, end)  # type: ignore[arg-type]
        return [flows[name]["accounts"] for name in ("churns", "win_backs", "new_adoptions", "losses")]

    assert counts(2, 10) == [2, 0, 0, 0]
    assert counts(day(2) + SECOND, 10) == [0, 0, 0, 0]
    assert counts(10, day(10) + SECOND) == [1, 1, 0, 0]
    assert counts(11, 92) == [0, 0, 0, 0]
    assert counts(92, day(92) + SECOND) == [0, 0, 0, 1]
    assert counts(99, 100) == [0, 1, 1, 0]
    parts = [counts(start, end) for start, end in ((1, 10), (10, 92), (92, 100))]
    assert [sum(each) for each in zip(*parts, strict=True)] == counts(1, 100)


@pytest.mark.rule("R7.7")
def test_a_win_back_is_apart_once_its_account_churned_again_in_the_period_or_later(tmp_path: Path) -> None:
    programme = story(tmp_path)
    assert programme.flows(1, 90)["win_backs"]["rechurned"]["accounts"] == 1
    programme.now = day(97)
    assert programme.flows(1, 90)["win_backs"]["rechurned"]["accounts"] == 0


@pytest.mark.rule("R7.1")
def test_the_document_says_what_it_is_about(tmp_path: Path) -> None:
    programme = Programme(tmp_path, workspace='currency = "EUR"\nrevenue_period = "year"')
    figures = programme.kpis(at=3)
    assert (figures["at"], figures["currency"], figures["revenue_period"]) == ("2026-11-03T09:00:00Z", "EUR", "year")
    assert (figures["product"], figures["region"], figures["csm"]) == (None, None, None)
    assert {total(figures[name])["accounts"] for name in ("at_risk", "churned", "won", "recovered")} == {0}
    assert in_bands(figures["recovered"]) == [0] * 7
