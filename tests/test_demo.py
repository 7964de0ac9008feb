"""The dummy data in examples/data through three pulls: every kind of event, as `winback demo` shows it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.backing import Backing
from tests.programme import Message, Programme, figure, in_bands, moment, total
from winback.outcomes import Outcome

DATA = Path(__file__).parent.parent / "examples" / "data"
PULLS = (
    ("historical_data_set.csv", "2026-11-02T09:00Z"),
    ("day_2.csv", "2026-11-05T09:00Z"),
    ("day_3.csv", "2026-11-07T09:00Z"),
)
COLUMNS = """columns = { uid = "UID", merchant_name = "Merchant", csm_name = "CSM", csm_email = "CSM email",
region = "Region", gmv = "GMV", revenue = "Revenue", is_product_enabled = "is_product_enabled",
changed_at = "Status changed" }""".replace("\n", " ")
TABLES = ("history", "rejected", "churns", "at_risk", "wins", "readopted", "cases", "notifications")
NAMES = ("Dana Ortiz", "Bruno Falcão", "Aiko Mineta", "Ingrid Solheim", "Priya Raghunath", "Tomasz Wierzba")
CSMS = {"-": None} | {name.split()[0]: name for name in NAMES}
Table = list[dict[str, Any]]


class Day(NamedTuple):
    """What there was after a pull."""

    outcome: Outcome
    tables: dict[str, Table]
    kpis: dict[str, Any]
    by_region: dict[str, dict[str, Any]]
    messages: list[Message]

    def column(self, table: str, column: str) -> dict[str, Any]:
        return {row["uid"]: row[column] for row in self.tables[table]}


class Played(NamedTuple):
    days: list[Day]
    programme: Programme


@pytest.fixture(scope="module")
def played(stands_on: Backing, tmp_path_factory: pytest.TempPathFactory) -> Played:
    programme = Programme(tmp_path_factory.mktemp("demo"), product=COLUMNS)
    days = []
    for file, at in PULLS:
        outcome = programme.pull(at, DATA / file)
        tables = {name: programme.table(name) for name in TABLES}
        by_region = {region: programme.kpis(region=region) for region in ("EMEA", "APAC", "NA", "LATAM")}
        days.append(Day(outcome, tables, programme.kpis(), by_region, programme.told()))
    return Played(days, programme)


@pytest.fixture(scope="module")
def first(played: Played) -> Day:
    return played.days[0]


@pytest.fixture(scope="module")
def second(played: Played) -> Day:
    return played.days[1]


@pytest.fixture(scope="module")
def third(played: Played) -> Day:
    return played.days[2]


def numbers(outcome: Outcome) -> tuple[object, ...]:
    names = ("status", "rows", "accepted", "rejected", "churned", "won", "missing", "unreadable_amounts")
    return tuple(getattr(outcome, name) for name in names)


def sizes(day: Day) -> tuple[int, ...]:
    """Accounts of the history: all, enabled, in the last report, both."""
    enabled, listed = day.column("history", "is_product_enabled"), day.column("history", "in_last_report")
    both = sum(enabled[uid] and listed[uid] for uid in enabled)
    return len(enabled), sum(enabled.values()), sum(listed.values()), both


def story(text: str, day: Day, table: str, moment_column: str) -> None:
    """Each line: UID, region, first name of the CSM, GMV, revenue, moment; of the rows of a table with these UIDs."""
    expected = {}
    for line in text.strip().splitlines():
        uid, region, csm, gmv, revenue, at = line.split()
        expected[uid] = (region, CSMS[csm], gmv, revenue, moment(at))
    found = {
        row["uid"]: (
            row["region"], row["csm_name"], f"{row['gmv']:.2f}",
            "-" if row["revenue"] is None else f"{row['revenue']:.2f}", row[moment_column],
        )
        for row in day.tables[table]
        if row["uid"] in expected
    }  # fmt: skip
    assert found == expected


def stages(day: Day, at: str) -> dict[str, list[str]]:
    """Recipient's first name and stage → UIDs, of what was planned at that moment."""
    found: dict[str, list[str]] = {}
    for row in day.tables["notifications"]:
        if row["planned_at"] == moment(at):
            found.setdefault(f"{row['recipient'].split()[0]} {row['stage']}", []).append(row["uid"])
    return {who: sorted(uids) for who, uids in found.items()}


def test_the_first_pull_makes_the_history(first: Day) -> None:
    assert numbers(first.outcome) == ("applied", 60, 60, 0, 0, 0, 0, 0)
    assert sizes(first) == (60, 47, 60, 47)
    assert Counter(first.column("history", "region").values()) == {"APAC": 16, "EMEA": 20, "LATAM": 11, "NA": 13}
    assert sorted(Counter(first.column("history", "csm_name").values()).values()) == [2, 7, 8, 9, 10, 11, 13]
    missing = [row["uid"] for row in first.tables["history"] if row["gmv"] is None or row["revenue"] is None]
    assert missing == ["M-1055"]
    assert first.tables["cases"] == first.tables["notifications"] == []
    assert first.messages == []
    assert first.tables["history"][0]["Plan"] == "Growth"


def test_the_second_pull_reads_what_can_be_read(second: Day) -> None:
    assert numbers(second.outcome) == ("applied", 63, 58, 4, 9, 2, 2, 1)
    assert sizes(second) == (62, 41, 60, 39)
    rejected = [(row["line"], row["reason"], row["uid"]) for row in second.tables["rejected"]]
    assert rejected == [
        (3, "unknown flag", "0118"),
        (13, "conflicting duplicate", "M-1014"),
        (16, "missing uid", None),
        (37, "conflicting duplicate", "M-1014"),
    ]
    assert "Kestrel & Spanner Cycles" in second.tables["rejected"][2]["content"]
    history = {row["uid"]: row for row in second.tables["history"]}
    assert {uid for uid, row in history.items() if not row["in_last_report"]} == {"M-1003", "M-1009"}
    assert history["M-1003"]["is_product_enabled"] is history["M-1009"]["is_product_enabled"] is True
    assert history["M-1044"]["gmv"] is None
    assert (history["42"]["is_product_enabled"], history["M-1097"]["is_product_enabled"]) == (True, False)
    assert history["M-1014"]["is_product_enabled"] is history["M-1014"]["in_last_report"] is True


def test_the_second_pull_shows_nine_churns_and_two_new_adoptions(second: Day) -> None:
    assert len(second.tables["churns"]) == len(second.tables["at_risk"]) == len(second.tables["cases"]) == 9
    churns = """
        M-1004 EMEA  Ingrid 64802.56  1371.44 2026-11-03T08:55Z
        M-1006 NA    Dana   43628.37  641.51  2026-11-03T16:40Z
        M-1028 APAC  Priya  32663.15  501.66  2026-11-05T09:00Z
        M-1007 EMEA  Tomasz 73811.80  1864.60 2026-11-03T13:20Z
        M-1019 NA    Dana   9360.39   208.93  2026-11-02T14:05Z
        M-1022 LATAM Bruno  12007.88  279.10  2026-11-02T11:30Z
        M-1031 NA    Dana   67675.27  1773.97 2026-11-05T09:00Z
        M-1049 EMEA  -      54121.22  1306.93 2026-11-04T17:48Z
        M-1055 NA    Dana   176742.40 -       2026-11-04T10:12Z"""
    wins = """
        M-1069 APAC Aiko  65470.02 1376.63 2026-11-04T02:15Z
        M-1074 APAC Priya 25510.04 596.93  2026-11-05T09:00Z"""
    story(churns, second, "churns", "churned_at")
    story(wins, second, "wins", "won_at")
    assert set(second.column("wins", "kind").values()) == {"new_adoption"}


def test_the_second_pull_sends_nine_first_messages_and_announces_two(second: Day) -> None:
    assert stages(second, PULLS[1][1]) == {
        "#winback first": ["M-1049"],
        "Bruno first": ["M-1022"],
        "Dana first": ["M-1006", "M-1019", "M-1031", "M-1055"],
        "Ingrid first": ["M-1004"],
        "Priya first": ["M-1028"],
        "Tomasz first": ["M-1007"],
        "Aiko new_adoption": ["M-1069"],
        "Priya new_adoption": ["M-1074"],
    }
    sent = second.tables["notifications"]
    assert {row["status"] for row in sent} == {"sent"}
    assert len(sent) == len({row["message_id"] for row in sent}) == len(second.messages) == 11


def test_the_figures_after_the_second_pull(second: Day) -> None:
    at_risk, won = second.kpis["at_risk"], second.kpis["won"]
    assert total(at_risk) == figure(9, "534813.04", "7948.14")
    assert in_bands(at_risk) == [4, 2, 3, 0, 0, 0, 0]
    assert total(at_risk["by_time"]["L24HRS"]) == figure(4, "331202.04", "3582.56")
    assert at_risk["by_time"]["L48HRS"]["within"] == figure(6, "448642.21", "6088.67")
    assert total(at_risk["by_time"]["L72HRS"]) == figure(3, "86170.83", "1859.47")
    assert {region: total(kpis["at_risk"]) for region, kpis in second.by_region.items()} == {
        "EMEA": figure(3, "192735.58", "4542.97"),
        "APAC": figure(1, "32663.15", "501.66"),
        "NA": figure(4, "297406.43", "2624.41"),
        "LATAM": figure(1, "12007.88", "279.10"),
    }
    owners = {row["csm_name"]: (row["at_risk"], row["gmv_at_risk"]) for row in second.kpis["by_csm"]}
    assert owners["Dana Ortiz"] == (4, "297406.43")
    assert (owners[""], owners["Tomasz Wierzba"]) == ((1, "54121.22"), (1, "73811.80"))
    assert second.kpis["time_since_churn_hours"] == {"count": 9, "median": 40.33, "mean": 34.06}
    assert total(won) == figure(2, "90980.06", "1973.56")
    assert (won["win_backs"], won["new_adoptions"], in_bands(won)[:2]) == (0, 2, [1, 1])
    assert second.kpis["recovered"]["accounts"] == second.kpis["churned"]["accounts"] == 0


def test_the_third_pull_reads_what_can_be_read(third: Day) -> None:
    assert numbers(third.outcome) == ("applied", 61, 60, 1, 5, 5, 1, 1)
    assert sizes(third) == (63, 41, 61, 39)
    of_third = [row for row in third.tables["rejected"] if row["pull_id"] == third.outcome.pull_id]
    assert [(row["line"], row["reason"], row["uid"]) for row in of_third] == [(24, "unknown flag", "M-1030")]
    history = {row["uid"]: row for row in third.tables["history"]}
    assert {uid for uid, row in history.items() if not row["in_last_report"]} == {"M-1057", "M-1003"}
    assert history["M-1034"]["revenue"] is None
    assert history["M-1009"]["is_product_enabled"] is history["M-1057"]["is_product_enabled"] is True
    assert history["M-1101"]["is_product_enabled"] is False


def test_the_third_pull_shows_churns_win_backs_and_new_adoptions(third: Day) -> None:
    churns = """
        0118   APAC Priya  43488.43 1127.50 2026-11-04T15:10Z
        M-1011 NA   Dana   38808.58 510.43  2026-11-06T17:25Z
        M-1046 NA   Dana   34686.30 442.00  2026-11-07T09:00Z
        M-1023 EMEA Tomasz 56767.69 1323.91 2026-11-07T09:00Z
        M-1069 APAC Aiko   65470.02 1376.63 2026-11-06T20:15Z"""
    wins = """
        M-1004 EMEA  Ingrid 64802.56  1371.44 2026-11-06T10:25Z
        M-1022 LATAM Bruno  12007.88  279.10  2026-11-07T09:00Z
        M-1038 EMEA  Ingrid 48019.84  1384.28 2026-11-07T09:00Z
        M-1074 APAC  Priya  25510.04  596.93  2026-11-05T09:00Z
        M-1078 EMEA  Ingrid 152635.35 4400.05 2026-11-06T07:40Z
        M-1097 EMEA  Tomasz 33613.04  807.97  2026-11-06T15:05Z"""
    story(churns, third, "at_risk", "churned_at")
    story(wins, third, "wins", "won_at")
    counts = [len(third.tables[name]) for name in ("at_risk", "churns", "wins", "readopted", "cases")]
    assert counts == [12, 12, 6, 2, 14]
    back = {uid for uid, kind in third.column("wins", "kind").items() if kind == "win_back"}
    assert back == set(third.column("readopted", "uid")) == {"M-1004", "M-1022"}
    assert third.column("readopted", "turnover_hours") == {"M-1004": 73.5, "M-1022": 117.5}
    handed_over = next(row for row in third.tables["at_risk"] if row["uid"] == "M-1028")
    assert (handed_over["csm_name"], handed_over["csm_name_now"]) == ("Priya Raghunath", "Aiko Mineta")
    reread = next(row for row in third.tables["at_risk"] if row["uid"] == "M-1055")
    assert (reread["revenue"], reread["revenue_now"] is not None) == (None, True)


def test_the_third_pull_sends_every_stage_and_danas_six_in_one_message(third: Day) -> None:
    assert stages(third, PULLS[2][1]) == {
        "#winback second": ["M-1049"],
        "Aiko second": ["M-1028"],
        "Aiko first": ["M-1069"],
        "Dana final": ["M-1006", "M-1019"],
        "Dana first": ["M-1011", "M-1046"],
        "Dana second": ["M-1031", "M-1055"],
        "Priya first": ["0118"],
        "Tomasz final": ["M-1007"],
        "Tomasz first": ["M-1023"],
        "Ingrid readopted": ["M-1004"],
        "Bruno readopted": ["M-1022"],
        "Ingrid new_adoption": ["M-1038", "M-1078"],
        "Tomasz new_adoption": ["M-1097"],
    }
    sent = [row for row in third.tables["notifications"] if row["planned_at"] == moment(PULLS[2][1])]
    assert {row["status"] for row in sent} == {"sent"}
    assert (len(sent), len({row["message_id"] for row in sent}), len(third.messages)) == (17, 11, 11)
    danas = {row["message_id"] for row in sent if row["csm_name"] == "Dana Ortiz"}
    assert len(danas) == 1
    (bundle,) = [message for message in third.messages if message.recipient.startswith("Dana Ortiz")]
    assert bundle.title == "6 accounts without payments need you"
    assert (
        bundle.text.count("[last reminder]")
        == bundle.text.count("[second message]")
        == bundle.text.count("[first message]")
        == 2
    )


def test_the_figures_after_the_third_pull(third: Day) -> None:
    at_risk, won, recovered = third.kpis["at_risk"], third.kpis["won"], third.kpis["recovered"]
    assert total(at_risk) == figure(12, "697223.62", "11078.07")
    assert in_bands(at_risk) == [4, 2, 3, 3, 0, 0, 0]
    assert total(at_risk["by_time"]["L24HRS"]) == figure(4, "195732.59", "3652.97")
    assert total(at_risk["by_time"]["L30"]) == figure(3, "126800.56", "2715.04")
    assert {region: total(kpis["at_risk"]) for region, kpis in third.by_region.items()} == {
        "EMEA": figure(3, "184700.71", "4495.44"),
        "APAC": figure(3, "141621.60", "3005.79"),
        "NA": figure(6, "370901.31", "3576.84"),
        "LATAM": figure(0, "0.00", "0.00"),
    }
    owners = {row["csm_name"]: (row["at_risk"], row["gmv_at_risk"]) for row in third.kpis["by_csm"] if row["at_risk"]}
    assert owners == {
        "": (1, "54121.22"),
        "Aiko Mineta": (2, "98133.17"),
        "Dana Ortiz": (6, "370901.31"),
        "Priya Raghunath": (1, "43488.43"),
        "Tomasz Wierzba": (2, "130579.49"),
    }
    assert third.kpis["time_since_churn_hours"] == {"count": 12, "median": 55.6, "mean": 51.59}
    assert third.kpis["turnover_hours"] == {"count": 2, "median": 95.5, "mean": 95.5}
    assert total(won) == figure(6, "336588.71", "8839.77")
    assert (won["win_backs"], won["new_adoptions"], in_bands(won)[:2]) == (2, 4, [4, 2])
    assert total(recovered) == figure(2, "76810.44", "1650.54")
    assert recovered["by_region"] == {"EMEA": "1371.44", "LATAM": "279.10"}
    assert total(third.kpis["credit"]["self_service_wins"]) == total(recovered)


def test_the_second_day_is_seen_with_what_the_third_taught(played: Played) -> None:
    kpis = played.programme.kpis(at="2026-11-05T09:00Z")
    assert total(kpis["at_risk"]) == figure(10, "578301.47", "9075.64")
    assert total(kpis["at_risk"]["by_time"]["L24HRS"]) == figure(5, "374690.47", "4710.06")
    assert total(kpis["won"]) == figure(2, "90980.06", "1973.56")
