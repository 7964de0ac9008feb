"""Salesforce: the real client library against a strict fake one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.crm.office import activities, churned, gather, unmatched
from tests.fake_salesforce import KEY, SECRET, USERNAME, FakeSalesforce, at
from tests.programme import Programme, day

# What is asked does not depend on where it is kept: test_files.py and test_killed.py look at that.
pytestmark = pytest.mark.only_on("sqlite")
# The first churn is at 09:00 of day 2.
START = day(2) + timedelta(hours=1)


def settings(fake: FakeSalesforce, more: str = "", signing: str = 'consumer_secret = "file:secret.txt"') -> str:
    section = f'[crm.salesforce]\ndomain = "acme.my"\nconsumer_key = "file:key.txt"\n{signing}\n'
    return f'{section}uid_field = "UID__c"\nbase_url = "{fake.url}"\n{more}'


@pytest.fixture
def fake() -> Iterator[FakeSalesforce]:
    with FakeSalesforce(START, page=2) as fake:
        yield fake


@pytest.fixture
def programme(tmp_path: Path, fake: FakeSalesforce) -> Programme:
    (tmp_path / "key.txt").write_text(KEY, encoding="utf-8")
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    return churned(tmp_path, settings(fake))


class Office:
    """Dana, a robot, and the accounts of `a`, `b` and one without UID."""

    def __init__(self, fake: FakeSalesforce) -> None:
        self.fake = fake
        self.dana = fake.put("User", 1, Name="Dana Ortiz", Email="dana@shop.example")
        self.robot = fake.put("User", 2, Name="Integration", Email="robot@shop.example")
        self.a = fake.put("Account", 1, Name="Acme", UID__c="a", Number__c=7.0)
        self.b = fake.put("Account", 2, Name="Birch", UID__c=" b ", Number__c=8.0)
        self.other = fake.put("Account", 3, Name="Cedar")

    def call(self, number: int, **fields: Any) -> str:
        task = {"AccountId": self.a, "OwnerId": self.dana, "CreatedById": self.dana, "IsClosed": True}
        return self.fake.put("Task", number, **(task | {"TaskSubtype": "Call"} | fields))

    def event(self, number: int, **fields: Any) -> str:
        event = {"AccountId": self.b, "OwnerId": self.dana, "CreatedById": self.dana}
        return self.fake.put("Event", number, **(event | fields))

    def deal(self, number: int, **fields: Any) -> str:
        deal = {"AccountId": self.a, "OwnerId": self.dana, "CreatedById": self.dana, "Name": "Renewal"}
        return self.fake.put("Opportunity", number, **(deal | fields))


@pytest.fixture
def office(fake: FakeSalesforce) -> Office:
    return Office(fake)


def test_tasks_and_events_of_all_pages_are_matched(programme: Programme, office: Office) -> None:
    for number in range(1, 6):
        office.call(number)
    office.event(6, StartDateTime=at(START, minutes=30))
    office.call(7, AccountId=office.other, TaskSubtype="Email")
    gathered = gather(programme, 3)["salesforce"]
    assert (gathered.failed, gathered.kept, gathered.of_accounts, gathered.of_csms) == (None, 7, 6, 6)
    found = {key[:3] + key[14]: row for key, row in activities(programme).items()}
    assert found["00T5"] == ("a", "Dana Ortiz", "call", "02 10")
    assert found["00U6"] == ("b", "Dana Ortiz", "meeting", "02 09")
    assert found["00T7"] == (None, "Dana Ortiz", "email", "02 10")
    assert unmatched(programme) == [("account", office.other, 1)]


def test_an_activity_is_of_when_it_was_done_not_of_when_it_is_due(programme: Programme, office: Office) -> None:
    hour = timedelta(hours=1)
    office.call(1, ActivityDate="2026-11-01", CompletedDateTime=at(START + 2 * hour))
    office.call(2, ActivityDate="2026-12-01", IsClosed=False)
    office.event(3, StartDateTime=at(day(30)), ActivityDate="2026-11-01")
    office.event(4, StartDateTime=at(START - 10 * hour), IsAllDayEvent=True)
    office.call(5, IsRecurrence=True)
    office.call(6, ActivityDate="2026-11-01")
    gather(programme, 3)
    found = {key[14]: row[3] for key, row in activities(programme).items()}
    assert found == {"1": "02 12", "4": "02 10", "6": "02 10"}, "2 and 5 are not done, 3 is to come"


def test_what_changes_late_or_is_deleted_is_read_from_ten_minutes_before(programme: Programme, office: Office) -> None:
    first, second = office.call(1), office.call(2)
    assert gather(programme, 3)["salesforce"].read == 2
    office.fake.now += timedelta(minutes=5)
    office.call(2, AccountId=office.b)
    office.fake.delete("Task", first)
    gathered = gather(programme, 3)["salesforce"]
    assert (gathered.read, gathered.deleted) == (2, 1)
    assert activities(programme) == {second: ("b", "Dana Ortiz", "call", "02 10")}
    office.fake.now += timedelta(minutes=11)
    office.call(3, IsArchived=True)
    assert gather(programme, 3)["salesforce"].read == 2 + 1, "those of the last ten minutes come again"
    office.fake.now += timedelta(minutes=11)
    assert gather(programme, 3)["salesforce"].read == 1
    assert len(activities(programme)) == 2


def test_a_uid_that_is_filled_in_later_brings_the_records_of_before(programme: Programme, office: Office) -> None:
    task = office.call(1, AccountId=office.other)
    gather(programme, 3)
    assert activities(programme)[task][0] is None
    office.fake.now += timedelta(days=1)
    office.fake.put("Account", 3, UID__c="b")
    gather(programme, 4)
    assert activities(programme)[task][0] == "b"


def test_a_field_of_numbers_may_hold_the_uid(programme: Programme, office: Office) -> None:
    programme.set(settings(office.fake).replace("UID__c", "Number__c"))
    task = office.call(1)
    gather(programme, 3)
    assert activities(programme)[task][0] == "7"


def test_what_a_robot_wrote_is_nobodys(programme: Programme, office: Office) -> None:
    task = office.call(1, CreatedById=office.robot)
    programme.set(settings(office.fake, '[crm]\nrobots = ["integration"]\n'))
    gather(programme, 3)
    assert activities(programme)[task][:2] == ("a", None)


@pytest.mark.rule("R6.5")
def test_opportunities_that_are_closed_are_claims(programme: Programme, office: Office) -> None:
    hour = timedelta(hours=1)
    office.deal(1, IsClosed=True, IsWon=True, CloseDate="2026-11-02", LastStageChangeDate=at(START))
    office.deal(
        2, IsClosed=True, IsWon=False, CloseDate="2026-12-24", LastStageChangeDate=at(START), AccountId=office.b
    )
    office.deal(3, IsClosed=True, IsWon=True, CloseDate="2026-11-01", LastStageChangeDate=at(START + hour))
    office.deal(4, IsClosed=False, IsWon=False, CloseDate="2026-11-02")
    gather(programme, 3)
    claims = [(row["uid"], row["outcome"], row["csm_name"], row["claimed_at"]) for row in programme.table("claims")]
    assert sorted(claims) == [("a", "won", "Dana Ortiz", START), ("b", "lost", "Dana Ortiz", START)], (
        "3 was closed before"
    )
    office.fake.now += hour
    office.deal(1, IsClosed=False, IsWon=False)
    gather(programme, 3)
    assert [row["uid"] for row in programme.table("claims")] == ["b"]


def test_without_fields_that_not_every_org_has(programme: Programme, office: Office) -> None:
    office.fake.hidden_fields = {"CompletedDateTime", "LastStageChangeDate"}
    office.call(1)
    office.deal(2, IsClosed=True, IsWon=True, CloseDate="2026-11-03")
    assert gather(programme, 5)["salesforce"].failed is None
    assert [f"{row['claimed_at']:%d %H}" for row in programme.table("claims")] == ["02 10"], "not after its last change"


# Trouble


def test_a_session_that_ends_is_begun_anew(programme: Programme, office: Office) -> None:
    for number in range(1, 6):
        office.call(number)

    def ending(path: str) -> None:
        if "/query/01g" in path and len(office.fake.calls) % 3 == 0:
            office.fake.end_sessions()

    office.fake.watch = ending
    gathered = gather(programme, 3)["salesforce"]
    assert (gathered.failed, gathered.kept) == (None, 5)
    assert office.fake.calls.count("/services/oauth2/token") > 1


def test_a_server_that_fails_for_a_while_is_asked_again(programme: Programme, office: Office) -> None:
    office.call(1)
    office.fake.faults = [(503, "SERVER_UNAVAILABLE"), (500, "UNKNOWN_EXCEPTION")]
    assert gather(programme, 3)["salesforce"].kept == 1


def test_what_was_read_before_a_failure_stays(programme: Programme, office: Office) -> None:
    for number in range(1, 6):
        office.call(number)
    office.fake.allowed = 6
    gathered = gather(programme, 3)["salesforce"]
    assert "allows no more calls for now (REQUEST_LIMIT_EXCEEDED)" in str(gathered.failed)
    assert 0 < gathered.kept < 5
    office.fake.allowed = 1000
    assert gather(programme, 3)["salesforce"].kept == 5


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_wrong_hides_nothing(programme: Programme, office: Office, hours: int) -> None:
    """Theirs against ours, which is at 09:00 of day 3."""
    office.fake.now = day(3) + timedelta(hours=hours)
    office.call(1)
    gather(programme, 3, since=1)
    office.fake.now += timedelta(minutes=1)
    office.call(2)
    assert gather(programme, 3)["salesforce"].kept == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'consumer_secret = "file:key.txt"',
            "refused to sign in (invalid_client: invalid client credentials)",
        ),
        ('username = "me"\nprivate_key = "file:key.txt"', "crm.salesforce.private_key: expected a private key of RSA"),
    ],
)
def test_who_can_not_sign_in_is_told_why(programme: Programme, fake: FakeSalesforce, text: str, said: str) -> None:
    programme.set(settings(fake, signing=text))
    assert said in str(gather(programme, 3)["salesforce"].failed)


def test_a_field_that_is_not_there_is_named(programme: Programme, fake: FakeSalesforce) -> None:
    programme.set(settings(fake).replace("UID__c", "Merchant__c"))
    assert "Account has no field Merchant__c that this user may see" in str(gather(programme, 3)["salesforce"].failed)


def test_a_salesforce_that_is_away_is_told(programme: Programme, fake: FakeSalesforce) -> None:
    programme.set(settings(fake).replace(fake.url, "http://127.0.0.1:9"))
    assert "Salesforce can't be reached" in str(gather(programme, 3)["salesforce"].failed)


def test_signed_in_by_jwt(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.txt").write_text(KEY, encoding="utf-8")
    (tmp_path / "private.pem").write_bytes(pem)
    with FakeSalesforce(START, public_key=public.decode()) as fake:
        Office(fake).call(1)
        signing = f'username = "{USERNAME}"\nprivate_key = "file:private.pem"'
        programme = churned(tmp_path, settings(fake, signing=signing))
        assert gather(programme, 3)["salesforce"].kept == 1
        programme.set(settings(fake, signing=signing.replace(USERNAME, "somebody@shop.example")))
        assert "refused to sign in (invalid_grant" in str(gather(programme, 3)["salesforce"].failed)
