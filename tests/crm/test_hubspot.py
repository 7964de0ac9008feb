"""HubSpot: what winback asks of a strict fake one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crm.office import activities, churned, gather, unmatched
from tests.fake_hubspot import TOKEN, FakeHubspot, stamp, too_many
from tests.programme import Programme, day
from winback.crm import hubspot_calls

# What is asked does not depend on where it is kept: test_files.py and test_killed.py look at that.
pytestmark = pytest.mark.only_on("sqlite")
# The first churn is at 09:00 of day 2.
START = day(2) + timedelta(hours=1)
HOUR = timedelta(hours=1)
DANA = {"hubspot_owner_id": "7"}


def settings(fake: FakeHubspot, more: str = "") -> str:
    return f'[crm.hubspot]\ntoken = "file:key.txt"\nuid_property = "merchant_uid"\nbase_url = "{fake.url}"\n{more}'


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubspot_calls, "PACE", 0.0)


@pytest.fixture
def fake() -> Iterator[FakeHubspot]:
    with FakeHubspot(START) as fake:
        fake.hire(7, "Dana", "Ortiz", "dana@shop.example")
        fake.put("companies", 1, name="Acme", merchant_uid="a")
        fake.put("companies", 2, name="Birch", merchant_uid="b")
        fake.put("companies", 3, name="Cedar")
        yield fake


@pytest.fixture
def programme(tmp_path: Path, fake: FakeHubspot) -> Programme:
    (tmp_path / "key.txt").write_text(TOKEN, encoding="utf-8")
    return churned(tmp_path, settings(fake))


def call(fake: FakeHubspot, number: int, company: int | None = 1, **properties: str) -> str:
    return fake.put("calls", number, company, **(DANA | {"hs_timestamp": stamp(START - HOUR)} | properties))


def test_every_kind_is_read_and_matched(programme: Programme, fake: FakeHubspot) -> None:
    at = {"hs_timestamp": stamp(START - HOUR), **DANA}
    call(fake, 1)
    fake.put("emails", 1, 2, hs_email_direction="EMAIL", hs_email_status="SENT", **at)
    fake.put("emails", 2, 2, hs_email_direction="INCOMING_EMAIL", **at)
    fake.put("meetings", 1, 1, hs_meeting_start_time=stamp(START), hs_meeting_outcome="COMPLETED", **at)
    fake.put("notes", 1, 3, **at)
    fake.put("tasks", 1, 1, hs_task_status="COMPLETED", hs_task_completion_date=stamp(START), **at)
    call(fake, 2, None)
    gathered = gather(programme, 3)["hubspot"]
    assert (gathered.failed, gathered.kept, gathered.of_accounts, gathered.of_csms) == (None, 7, 5, 5)
    assert activities(programme) == {
        "calls:1": ("a", "Dana Ortiz", "call", "02 09"),
        "emails:1": ("b", "Dana Ortiz", "email", "02 09"),
        "emails:2": ("b", "Dana Ortiz", "other", "02 09"),
        "meetings:1": ("a", "Dana Ortiz", "meeting", "02 10"),
        "notes:1": (None, "Dana Ortiz", "note", "02 09"),
        "tasks:1": ("a", "Dana Ortiz", "task", "02 10"),
        "calls:2": (None, "Dana Ortiz", "call", "02 09"),
    }
    assert unmatched(programme) == [("account", "3", 1)]


def test_what_is_not_done_does_not_count(programme: Programme, fake: FakeHubspot) -> None:
    at = {"hs_timestamp": stamp(START), **DANA}
    call(fake, 1, hs_call_status="NO_ANSWER")
    call(fake, 2, hs_call_status="COMPLETED")
    fake.put("emails", 1, 1, hs_email_direction="EMAIL", hs_email_status="BOUNCED", **at)
    fake.put("meetings", 1, 1, hs_meeting_start_time=stamp(START), hs_meeting_outcome="CANCELED", **at)
    fake.put("meetings", 2, 1, hs_meeting_start_time=stamp(day(30)), hs_meeting_outcome="SCHEDULED", **at)
    fake.put("tasks", 1, 1, hs_task_status="NOT_STARTED", **at)
    gather(programme, 3)
    assert list(activities(programme)) == ["calls:2"]


@pytest.mark.rule("R6.5")
def test_deals_that_are_closed_are_claims(programme: Programme, fake: FakeHubspot) -> None:
    def deal(number: int, company: int, closed: str, won: str, at: str) -> None:
        fake.put(
            "deals", number, company, hs_is_closed=closed, hs_is_closed_won=won, closedate=at, dealname="Deal", **DANA
        )

    deal(1, 1, "true", "true", stamp(START))
    deal(2, 2, "true", "false", stamp(day(99)))
    deal(3, 2, "true", "true", stamp(day(1)))
    deal(4, 2, "false", "false", stamp(START))
    gather(programme, 3)
    claims = [(row["uid"], row["outcome"], row["csm_name"], row["claimed_at"]) for row in programme.table("claims")]
    assert sorted(claims) == [("a", "won", "Dana Ortiz", START), ("b", "lost", "Dana Ortiz", START)], (
        "3 was closed before"
    )
    fake.archive("deals", "1")
    gather(programme, 3)
    assert [row["uid"] for row in programme.table("claims")] == ["b"]


def test_late_edits_and_archived_records(programme: Programme, fake: FakeHubspot) -> None:
    call(fake, 1)
    call(fake, 2)
    gather(programme, 3)
    fake.now += timedelta(minutes=11)
    call(fake, 2, 2)
    fake.archive("calls", "1")
    gathered = gather(programme, 3)["hubspot"]
    assert (gathered.read, gathered.deleted) == (2, 1)
    assert activities(programme) == {"calls:2": ("b", "Dana Ortiz", "call", "02 09")}


def test_what_a_search_finds_late_is_within_the_overlap(programme: Programme, fake: FakeHubspot) -> None:
    fake.shown_until = START
    fake.now += timedelta(minutes=5)
    call(fake, 1)
    fake.now += timedelta(minutes=1)
    fake.shown_until = fake.now
    late = fake.records["calls"].pop("1")
    call(fake, 2)
    gather(programme, 3)
    fake.records["calls"]["1"] = late
    gather(programme, 3)
    assert sorted(activities(programme)) == ["calls:1", "calls:2"]


def test_more_than_a_search_gives_is_read_whole(programme: Programme, fake: FakeHubspot) -> None:
    """10,450 at one moment, as after an import, among others before and after."""
    for number in range(1, 451):
        fake.now = START + timedelta(seconds=number)
        call(fake, number)
    for number in range(1_000, 11_450):
        call(fake, number)
    fake.now += timedelta(seconds=1)
    call(fake, 20_000)
    gathered = gather(programme, 3)["hubspot"]
    assert (gathered.failed, gathered.kept) == (None, 450 + 10_450 + 1)


def test_what_changes_while_it_is_read_hides_nothing(programme: Programme, fake: FakeHubspot) -> None:
    for number in range(1, 601):
        fake.now = START + timedelta(seconds=number)
        call(fake, number)

    def busy(path: str) -> None:
        if path.endswith("/calls/search"):
            fake.now += timedelta(seconds=1)
            call(fake, 1 + len(fake.calls) % 7)

    fake.watch = busy
    assert gather(programme, 3)["hubspot"].kept == 600


def test_an_owner_who_left_is_still_who_they_were(programme: Programme, fake: FakeHubspot) -> None:
    fake.owners[0]["archived"] = True
    call(fake, 1)
    gather(programme, 3)
    assert activities(programme)["calls:1"][1] == "Dana Ortiz"


def test_what_a_workflow_wrote_is_nobodys(programme: Programme, fake: FakeHubspot) -> None:
    programme.set(settings(fake, '[crm]\nrobots = ["AUTOMATION_PLATFORM"]\n'))
    call(fake, 1, hs_object_source="AUTOMATION_PLATFORM")
    gather(programme, 3)
    assert activities(programme)["calls:1"][:2] == ("a", None)


def test_of_several_companies_the_primary_one_counts_else_the_oldest(programme: Programme, fake: FakeHubspot) -> None:
    primary = {"toObjectId": 2, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}]}
    call(fake, 1)
    call(fake, 2)
    fake.companies["calls", "1"] = [{"toObjectId": 1, "associationTypes": []}, primary]
    fake.companies["calls", "2"] = [
        {"toObjectId": 2, "associationTypes": []},
        {"toObjectId": 1, "associationTypes": []},
    ]
    gather(programme, 3)
    assert [activities(programme)[f"calls:{each}"][0] for each in (1, 2)] == ["b", "a"]


# Trouble


def test_a_server_that_is_asked_too_much_is_asked_again(programme: Programme, fake: FakeHubspot) -> None:
    call(fake, 1)
    fake.faults = [too_many(), too_many(retry_after="0"), (502, {"message": "bad gateway"}, {"Retry-After": "0"})]
    assert gather(programme, 3)["hubspot"].kept == 1


def test_calls_of_the_day_used_up_and_what_was_read_before_stays(programme: Programme, fake: FakeHubspot) -> None:
    call(fake, 1)
    fake.watch = lambda path: too_many("DAILY") if "emails" in path else None
    gathered = gather(programme, 3)["hubspot"]
    assert "allows no more calls today" in str(gathered.failed)
    assert list(activities(programme)) == ["calls:1"]


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_wrong_hides_nothing(programme: Programme, fake: FakeHubspot, hours: int) -> None:
    fake.now = day(3) + hours * HOUR
    call(fake, 1)
    gather(programme, 3, since=1)
    fake.now += timedelta(minutes=1)
    call(fake, 2)
    assert gather(programme, 3)["hubspot"].kept == 2


def test_what_is_wrong_with_the_key_or_the_settings_is_told(programme: Programme, fake: FakeHubspot) -> None:
    def said() -> str:
        return str(gather(programme, 3)["hubspot"].failed)

    fake.rights.remove("notes")
    assert "the key lacks a right (403)" in said()
    (programme.folder / "key.txt").write_text("wrong", encoding="utf-8")
    assert "does not know the key (401): check crm.hubspot.token" in said()
    (programme.folder / "key.txt").write_text(TOKEN, encoding="utf-8")
    programme.set(settings(fake).replace("merchant_uid", "uid"))
    assert "crm.hubspot.uid_property: companies have no property uid" in said()


def test_a_redirect_is_not_followed_with_the_key(programme: Programme, fake: FakeHubspot) -> None:
    with FakeHubspot(START) as other:
        fake.faults = [(302, {"message": "found"}, {"Location": f"{other.url}/crm/owners/2026-03"})]
        gathered = gather(programme, 3)["hubspot"]
        assert "HubSpot answered 302" in str(gathered.failed)
        assert other.calls == []
