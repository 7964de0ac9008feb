"""people, people set, people leaver, cases reassign: who is who, mending it, and what somebody leaves behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests import backing
from tests.programme import Programme, day, rows
from tests.workspaces import Place
from winback import Workspace
from winback.errors import UsageError
from winback.people import look_after
from winback.store.people import Listed, keep_members

MANY = " ".join(f"z{number}+" for number in range(12))
OF: dict[str, dict[str, object]] = {
    "a": {"csm_name": "Dana Ortiz", "csm_email": "dana@x.example", "gmv": 10},
    "b": {"csm_name": "Dana Ortiz", "csm_email": "dana@x.example", "gmv": 20},
    "c": {"csm_name": "Ana Sol", "csm_email": None, "gmv": 5},
}
SETTINGS = """
[people."Lee Park"]
email = "lee@x.example"
"""
BY_MAIL = f"""
[messages]
channel = ["console", "email"]
[email]
smtp = "127.0.0.1:25"
sender = "winback@x.example"
{SETTINGS}"""


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """With two open cases of Dana's and one of Ana's; of Lee something is said."""
    programme = Programme(tmp_path, SETTINGS)
    programme.pull(1, rows(f"a+ b+ c+ {MANY}", {"csm_name": "Kim"}, **OF))
    programme.pull(2, rows(f"a- b- c- {MANY}", {"csm_name": "Kim"}, **OF), messages=False)
    return programme


@pytest.fixture
def by_mail(programme: Programme) -> Programme:
    programme.set(BY_MAIL)
    return programme


def run(programme: Programme, *arguments: str) -> Any:
    place = Place.__new__(Place)
    place.folder = programme.folder
    return place.run(*arguments)


def listing(workspace: Workspace) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["csm_name"] or row["csm_email"], row["channel"]): row for row in workspace.people().to_pylist()}


def test_everybody_with_an_open_case_or_in_the_settings_is_listed(by_mail: Programme) -> None:
    with by_mail.open(3) as workspace:
        people = listing(workspace)
        first = workspace.people().to_pylist()[0]
    assert {name for name, _ in people} == {"Ana Sol", "Dana Ortiz", "Lee Park"}
    dana, lee, ana = people["Dana Ortiz", "email"], people["Lee Park", "email"], people["Ana Sol", "email"]
    assert (dana["address"], dana["matched"], dana["open_cases"], dana["to_do"]) == (
        "dana@x.example",
        "report",
        2,
        None,
    )
    assert (lee["address"], lee["matched"], lee["open_cases"]) == ("lee@x.example", "settings", 0)
    assert (ana["address"], ana["matched"]) == (None, "none")
    assert ana["to_do"] == "no address: winback people set 'Ana Sol' --email ADDRESS"
    assert first == ana


def test_in_slack_what_is_matched_by_name_is_to_be_looked_at(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[people.Kim]\nslack = "U0KIM00001"\nmanager = "Pat"')
    programme.pull(1, rows(f"a+ b+ c+ {MANY}", **OF))
    programme.pull(2, rows(f"a- b- c- {MANY}", **OF), messages=False)
    slack = Listed("U0ANA00001", "Ana Sol", None, None, "Asia/Tokyo", True, True, False)
    with programme.open(3) as workspace:
        keep_members([slack], day(3))
        settings = in_slack(workspace)
        people = {row["csm_name"]: row for row in workspace.people().to_pylist()}
        assert (people["Ana Sol"]["matched"], people["Ana Sol"]["timezone"]) == ("name", "Asia/Tokyo")
        assert people["Ana Sol"]["to_do"] == "look whether it is the right one; if so, set it"
        assert list(people) == ["Dana Ortiz", "Ana Sol", "Kim"]
        assert people["Dana Ortiz"]["to_do"].startswith("not found: winback people set 'Dana Ortiz' --slack")
        workspace.set_person("kim", away_until=day(9))
        kim = next(row for row in workspace.people().to_pylist() if row["csm_name"] == "Kim")
        assert kim["to_do"] == "away, and nobody covers: winback people set Kim --covered-by NAME"
        assert list(look_after(settings, day(3))) == [
            (True, 'not found on slack: "Dana Ortiz"; `winback people` says what to do'),
            (False, 'found on slack by name alone: "Ana Sol"; `winback people` is to be looked at'),
            (False, 'manager not found on slack: "Pat"; `winback people set` mends it'),
            (True, 'away without cover: "Kim"; `winback people set NAME --covered-by …`'),
        ]
        workspace.set_person("Ana Sol", slack="U0ANA00001")
        row = next(row for row in workspace.people().to_pylist() if row["csm_name"] == "Ana Sol")
        assert (row["matched"], row["to_do"]) == ("set", None)


def in_slack(workspace: Workspace) -> Any:
    """The settings with another channel, whatever this version serves."""
    import msgspec

    messages = msgspec.structs.replace(workspace.settings.messages, channel=("slack",))
    workspace.settings = msgspec.structs.replace(workspace.settings, messages=messages)
    return workspace.settings


def test_the_command_prints_them_in_every_form(by_mail: Programme) -> None:
    assert "Ana Sol" in run(by_mail, "people").out.splitlines()[1]
    assert run(by_mail, "people", "--format", "csv").out.startswith("csm_name,csm_email,channel,address,matched,")
    assert len(json.loads(run(by_mail, "people", "--format", "json").out)) == 6


def test_what_is_set_is_kept_with_who_and_when(by_mail: Programme) -> None:
    ran = run(by_mail, "people", "set", "ana  SOL", "--email", "ana@x.example", "--manager", "Lee Park")
    assert (ran.status, ran.err) == (0, "")
    with by_mail.open(3) as workspace:
        row = listing(workspace)["Ana Sol", "email"]
        workspace.set_person("Ana Sol", timezone="Asia/Tokyo", by="kim")
    assert (row["address"], row["matched"], row["manager"]) == ("ana@x.example", "set", "Lee Park")
    ((name, zone, by, at),) = backing.run_sql(by_mail.folder, "select name, timezone, set_by, set_at from people")
    assert (name, zone, by, at) == ("Ana Sol", "Asia/Tokyo", "kim", int(day(3).timestamp()) * 10**6)
    assert run(by_mail, "people", "set", "Ana Sol", "--clear", "email", "--clear", "manager").status == 0
    with by_mail.open(3) as workspace:
        assert listing(workspace)["Ana Sol", "email"]["matched"] == "none"


@pytest.mark.parametrize(("options", "said"), [
    ([], "say what is to be set or cleared: slack, email, manager"),
    (["--slack", "@ana"], 'slack: expected the ID of a member of Slack such as "U012ABCDEF", found "@ana"'),
    (["--slack", "u012abcdef"], "slack: expected the ID"),
    (["--email", "ana"], "email: expected an e-mail address"),
    (["--timezone", "Europe/Madird"], 'timezone: there is no time zone "Europe/Madird"; did you mean "Europe/Madrid"?'),
    (["--country", "XX"], 'country: the public holidays of "XX" are not known'),
    (["--country", "Spain"], "country: expected two capital letters"),
    (["--away-until", "soon"], "expected a date or moment such as"),
    (["--away-until", "2020-01-01"], "away_until: expected a day to come"),
    (["--covered-by", "ana SOL"], "covered_by: expected somebody else than Ana Sol"),
    (["--manager", " "], "manager: expected text in quotes that is not blank"),
], ids=str)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_line(programme: Programme, options: list[str], said: str) -> None:
    ran = run(programme, "people", "set", "Ana Sol", *options)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert backing.run_sql(programme.folder, "select * from people") == []


def test_what_an_operator_should_know_is_remarked(programme: Programme) -> None:
    with programme.open(3) as workspace:
        assert workspace.set_person("Lee Park", email="other@x.example") == [
            "winback.toml says email of Lee Park, too, and counts",
            "no open case is Lee Park's now; the name counts as it is in the report",
        ]
        assert workspace.set_person("Ana Sol", away_until="2026-12-24") == [
            "nobody covers for Ana Sol: what is for them goes to the fallback meanwhile"
        ]
        keep_members([Listed("U0ANA00001", "A", None, None, None, False, True, False)], day(3))
        assert workspace.set_person("Ana Sol", slack="U0ANA00001", covered_by="Lee Park") == [
            "U0ANA00001 is deactivated in Slack"
        ]
        assert workspace.set_person("Ana Sol", slack="U0NOBODY01") == [
            "the directory of Slack had no U0NOBODY01 when it was last read"
        ]


def test_a_name_that_two_csms_bear_is_set_by_address(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    two = {uid: {"csm_name": "Dana", "csm_email": f"{uid}@x.example"} for uid in ("a", "b")}
    programme.pull(1, rows(f"a+ b+ {MANY}", **two))
    programme.pull(2, rows(f"a- b- {MANY}", **two), messages=False)
    with programme.open(3) as workspace:
        for name, action in (("Dana", "set"), ("dana", "give")):
            with pytest.raises(UsageError, match=r"several CSMs are named (D|d)ana: say which one, a@x\.example or b@"):
                workspace.set_person(name, slack="U1") if action == "set" else workspace.reassign([1], name)
        workspace.set_person("a@x.example", slack="U1")
        workspace.set_person("Dana", slack="U2", email="b@x.example")


def test_a_leaver_s_open_cases_are_given_to_others(programme: Programme) -> None:
    programme.notify(3)
    programme.told()
    with programme.open(3) as workspace:
        cases = workspace.open_cases_of("dana ortiz").to_pylist()
        assert [(case["uid"], case["status"]) for case in cases] == [("b", "at_risk"), ("a", "at_risk")]
        assert workspace.open_cases_of("DANA@x.example").num_rows == 2
        given = workspace.reassign([case["case_id"] for case in cases], "lee park", "Dana leaves", by="ana")
        assert [each.text for each in given] == ["is Lee Park's now"] * 2
        again = workspace.reassign([cases[0]["case_id"], 999], "Lee Park")
        assert [(each.text, each.is_done) for each in again] == [
            ("is Lee Park's already", True),
            ("there is no such case: `winback show cases` lists them", False),
        ]
        assert workspace.open_cases_of("Dana Ortiz").num_rows == 0
        for slip in ("Lee Parc", "park"):
            with pytest.raises(UsageError, match=rf"nobody is known as {slip}: did you mean Lee Park\?"):
                workspace.open_cases_of(slip)
    owners = programme.column("cases", "csm_name_now", 4)
    assert (owners["a"], owners["b"], owners["c"]) == ("Lee Park", "Lee Park", "Ana Sol")
    told = [message.text for message in programme.told()]
    assert [text.partition(". Please")[0] for text in told if "has given you" in text] == [
        "ana has given you 2 accounts that are switched off, the largest of them: b, a"
    ]


def test_the_commands_of_a_leaver(programme: Programme) -> None:
    ran = run(programme, "people", "leaver", "Dana Ortiz")
    assert [line.split()[2] for line in ran.out.splitlines()[1:]] == ["b", "a"]
    assert "winback cases reassign" in ran.err
    numbers = [
        str(case["case_id"])
        for case in json.loads(run(programme, "people", "leaver", "Dana Ortiz", "--format", "json").out)
    ]
    assert run(programme, "cases", "reassign", *numbers, "--to", "Nobody").status == 2
    done = run(programme, "cases", "reassign", *numbers, "--to", "Ana Sol", "--reason", "leaves")
    assert (done.status, done.err) == (0, "")
    assert f"case {numbers[0]} is Ana Sol's now" in done.out
    assert run(programme, "cases", "reassign", "999", "--to", "Ana Sol").status == 1


def test_doctor_says_who_is_away_without_cover(programme: Programme) -> None:
    assert "people" not in run(programme, "doctor").out
    run(programme, "people", "set", "Ana Sol", "--away-until", "2099-01-01")
    out = run(programme, "doctor").out
    assert 'waits people: away without cover: "Ana Sol"; `winback people set NAME --covered-by …`' in out
