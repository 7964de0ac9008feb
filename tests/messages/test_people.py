"""Who a CSM is on which channel: what is said of them, the directory of Slack, who covers, and the fallback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programme import Programme, day, rows
from winback import Workspace
from winback.core.texts import name_key
from winback.messages.channel import Recipient
from winback.messages.people import (
    Addressee,
    addressee_at,
    csm_of,
    fallback_for,
    find_addressee,
    is_manager,
    manager_of,
)
from winback.store.people import Listed, directory_read_at, emails_of, keep_members, names_kept, set_person

NOW = day(5)
SETTINGS = """
[people."Dana Ortiz"]
slack = "U0DANA0001"
email = "dana@shop.example"
manager = "Lee Park"
timezone = "Europe/Madrid"
country = "ES"
[people."kim@shop.example"]
slack = "U0KIM00001"
"""


def listed(slack: str, real_name: str, email: str | None = None, **other: Any) -> Listed:
    values = {"display_name": None, "timezone": None, "is_active": True, "is_person": True, "is_guest": False}
    return Listed(slack=slack, real_name=real_name, email=email, **(values | other))


class Office:
    """A workspace that is open, and the directory of its Slack."""

    def __init__(self, programme: Programme, workspace: Workspace) -> None:
        self.programme, self.settings = programme, workspace.settings

    def lists(self, *members: Listed) -> None:
        keep_members(members, NOW)

    def says(self, name: str, **values: Any) -> None:
        set_person(name, values, "ana", NOW)

    def find(self, name: str | None, email: str | None = None, channel: str = "slack") -> Addressee:
        return find_addressee(name, email, channel, self.settings, NOW)

    def address(self, name: str | None, email: str | None = None, channel: str = "slack") -> str | None:
        recipient = self.find(name, email, channel).recipient
        return recipient.address if recipient else None


def opened(folder: Path, settings: str, *csms: tuple[str, str | None]) -> Iterator[Office]:
    """`csms`: each with an open case."""
    programme = Programme(folder, settings)
    if csms:
        known = {f"a{at}": {"csm_name": name, "csm_email": email} for at, (name, email) in enumerate(csms)}
        many = " ".join(f"z{at}+" for at in range(12))
        programme.pull(1, rows(" ".join(f"{uid}+" for uid in known) + f" {many}", {"csm_name": None}, **known))
        words = " ".join(f"{uid}-" for uid in known) + f" {many}"
        programme.pull(2, rows(words, {"csm_name": None}, **known), messages=False)
    with programme.open(NOW) as workspace:
        yield Office(programme, workspace)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from opened(tmp_path, SETTINGS)


@pytest.fixture
def namesakes(tmp_path: Path) -> Iterator[Office]:
    """Two CSMs of one name."""
    yield from opened(tmp_path, "", ("Dana Ortiz", "one@x.example"), ("Dana Ortiz", "two@x.example"))


@pytest.mark.parametrize(("name", "email", "found"), [
    ("Dana Ortiz", None, "U0DANA0001"),
    ("dana  ORTIZ", None, "U0DANA0001"),
    ("Dana Ortiz", "dana@shop.example", "U0DANA0001"),
    ("Kim", "Kim@shop.example", "U0KIM00001"),
])  # fmt: skip
def test_the_settings_come_first(office: Office, name: str, email: str | None, found: str) -> None:
    office.lists(
        listed("U0OTHER001", "Dana Ortiz", "dana@shop.example"), listed("U0OTHER002", "Kim", "kim@shop.example")
    )
    office.says(name, slack="U0OTHER003")
    assert office.address(name, email) == found


def test_then_what_was_set_then_the_address_then_the_name(office: Office) -> None:
    office.lists(listed("U0BYNAME01", "Ana Sol"), listed("U0BYMAIL01", "A. S.", "Ana@X.example"))
    assert office.address("Ana Sol") == "U0BYNAME01"
    assert office.address("Ana Sol", "ana@x.EXAMPLE") == "U0BYMAIL01"
    office.says("Ana Sol", slack="U0BYHAND01")
    assert office.address("Ana Sol", "ana@x.example") == "U0BYHAND01"


def test_an_address_that_was_set_finds_the_member(office: Office) -> None:
    office.lists(listed("U0BYMAIL01", "A. S.", "ana@slack.example"))
    office.says("Ana Sol", email="ana@slack.example")
    assert office.address("Ana Sol", "ana@crm.example") == "U0BYMAIL01"


@pytest.mark.parametrize(
    "written",
    ["Zoë Ångström", "ZOË  ångström ", "Zoe\u0308 A\u030angstro\u0308m", "Zoë\u00a0Ångström", "Ｚoë Ångström"],
)
def test_a_name_is_one_however_it_is_written(office: Office, written: str) -> None:
    office.lists(listed("U0ZOE00001", "Z", display_name="Zoë Ångström"))
    found = office.find(written)
    assert found.recipient is not None
    assert found.recipient.address == "U0ZOE00001"
    assert found.recipient.shown.endswith("(matched by name)")


@pytest.mark.parametrize("other", [{"is_guest": True}, {"is_active": False}, {"is_person": False}], ids=str)
def test_guests_robots_and_who_is_gone_are_not_meant_by_a_name(office: Office, other: dict[str, Any]) -> None:
    office.lists(listed("U0ANA00001", "Ana Sol", **other))
    assert office.find("Ana Sol").is_fallback
    office.lists(listed("U0ANA00001", "Ana Sol", **other), listed("U0ANA00002", "Ana Sol"))
    assert office.address("Ana Sol") == "U0ANA00002"


def test_a_name_that_two_bear_leads_to_nobody(office: Office) -> None:
    office.lists(listed("U0ANA00001", "Ana Sol"), listed("U0ANA00002", "other", display_name="ana sol"))
    found = office.find("Ana Sol")
    assert found.recipient is not None
    assert found.recipient.address == "#winback"
    assert found.note == (
        "For Ana Sol, but several people may be meant. So that it reaches the right one:"
        " winback people set 'Ana Sol' --slack MEMBER_ID"
    )


def test_who_is_not_found_is_named_to_the_fallback(office: Office) -> None:
    found = office.find("Ana Sol")
    assert (found.name, found.is_fallback, found.recipient and found.recipient.address) == ("Ana Sol", True, "#winback")
    assert found.note == (
        "For Ana Sol, whom Slack does not know. So that it reaches them: winback people set 'Ana Sol' --slack MEMBER_ID"
    )


def test_a_name_does_nothing_in_the_terminal_into_which_the_command_is_pasted(office: Office) -> None:
    note = office.find("Ana'; rm -rf ~ #\n$(reboot)").note
    assert note is not None
    assert "people set 'Ana'\"'\"'; rm -rf ~ # $(reboot)' --slack" in note


def test_a_deactivated_member_is_not_written_to_and_not_looked_for_by_name(office: Office) -> None:
    office.lists(listed("U0ANA00001", "Ana Sol", "ana@x.example", is_active=False), listed("U0ANA00002", "Ana Sol"))
    found = office.find("Ana Sol", "ana@x.example")
    assert found.is_fallback
    assert "deactivated" in (found.note or "")
    office.lists(listed("U0DANA0001", "Dana Ortiz", is_active=False))
    assert "deactivated" in (office.find("Dana Ortiz").note or "")


def test_of_two_members_with_one_address_the_active_one_is_meant(office: Office) -> None:
    office.lists(
        listed("U0ANA00001", "A", "ana@x.example", is_active=False), listed("U0ANA00002", "A", "ana@x.example")
    )
    assert office.address("Ana Sol", "ana@x.example") == "U0ANA00002"


def test_two_csms_of_one_name_are_told_apart(namesakes: Office) -> None:
    namesakes.lists(listed("U0ONE00001", "Dana Ortiz", "one@x.example"))
    assert namesakes.address("Dana Ortiz", "one@x.example") == "U0ONE00001"
    other = namesakes.find("Dana Ortiz", "two@x.example")
    assert other.is_fallback
    assert (other.note or "").endswith("winback people set two@x.example --slack MEMBER_ID")
    namesakes.says("Dana Ortiz", slack="U0DANA0001")
    assert namesakes.address("Dana Ortiz", "two@x.example") == "#winback"
    namesakes.says("two@x.example", slack="U0TWO00001")
    assert namesakes.address("Dana Ortiz", "two@x.example") == "U0TWO00001"
    assert namesakes.address("Dana Ortiz", "one@x.example") == "U0ONE00001"


def test_who_bears_which_name_may_be_asked_once_for_all(namesakes: Office) -> None:
    alone = [emails_of(name) for name in ("Dana Ortiz", "Nobody")]
    with names_kept():
        assert [emails_of(name) for name in ("Dana Ortiz", "Nobody")] == alone
    assert alone == [{"one@x.example", "two@x.example"}, set()]


def test_what_is_said_of_a_name_with_an_address_is_of_that_one(namesakes: Office) -> None:
    namesakes.says("Dana Ortiz", slack="U0ONE00001", email="one@x.example")
    assert namesakes.address("Dana Ortiz", "one@x.example") == "U0ONE00001"
    assert namesakes.address("Dana Ortiz", "two@x.example") == "#winback"


@pytest.mark.parametrize(("name", "email", "address"), [
    ("Dana Ortiz", "reported@shop.example", "dana@shop.example"),
    ("Ana Sol", "ana@x.example", "ana@x.example"),
    ("Ana Sol", None, None),
])  # fmt: skip
def test_by_mail(office: Office, name: str, email: str | None, address: str | None) -> None:
    assert office.address(name, email, "email") == address


def test_who_has_no_address_is_written_to_nowhere_unless_the_fallback_is_one(tmp_path: Path) -> None:
    for office in opened(tmp_path, '[messages]\nfallback = "ops@x.example"'):
        assert office.address("Ana Sol", None, "email") == "ops@x.example"
        assert office.address(None, None, "email") == "ops@x.example"
        assert office.address("Ana Sol", None, "slack") is None
        office.lists(listed("U0OPS00001", "Ops", "ops@x.example"))
        assert office.address("Ana Sol", None, "slack") == "U0OPS00001"


def test_why_there_is_nowhere_to_go_is_said(office: Office) -> None:
    assert office.find("Ana Sol", None, "email").note == (
        "For Ana Sol, who has no e-mail address here. So that it reaches them: winback people set 'Ana Sol' --email"
        ' ADDRESS (messages.fallback "#winback" is none for email)'
    )
    nobody = office.find(None, None, "email")
    assert nobody.note == 'The account has no CSM. (messages.fallback "#winback" is none for email)'


@pytest.mark.parametrize(("channel", "address"), [("teams", "teams"), ("webhook", "dana@shop.example")])
def test_a_channel_of_one_place_names_the_csm(office: Office, channel: str, address: str) -> None:
    found = office.find("Dana Ortiz", None, channel).recipient
    assert found is not None
    assert (found.address, found.shown) == (address, "Dana Ortiz <dana@shop.example>")


def test_who_is_away_is_covered_once(office: Office) -> None:
    office.says("Dana Ortiz", away_until=NOW + dt.timedelta(days=2), covered_by="Lee Park")
    office.says("Lee Park", slack="U0LEE00001", timezone="Asia/Tokyo")
    found = office.find("Dana Ortiz")
    assert (found.name, found.recipient and found.recipient.address) == ("Lee Park", "U0LEE00001")
    assert (found.note, found.timezone) == (
        "For Dana Ortiz, who is away until Sat 07 Nov 2026: you cover for them.", "Asia/Tokyo"
    )  # fmt: skip
    office.says("Lee Park", away_until=NOW + dt.timedelta(days=1), covered_by="Kim")
    both = office.find("Dana Ortiz")
    assert both.is_fallback
    assert "Dana Ortiz" in (both.note or "")
    assert "Lee Park" in (both.note or "")


def test_who_is_back_gets_it_themselves_and_who_is_not_covered_is_said(office: Office) -> None:
    office.says("Dana Ortiz", away_until=NOW)
    assert office.address("Dana Ortiz") == "U0DANA0001"
    office.says("Dana Ortiz", away_until=NOW + dt.timedelta(seconds=1))
    alone = office.find("Dana Ortiz")
    assert alone.is_fallback
    assert "nobody covers" in (alone.note or "")


def test_a_cover_named_by_name_has_the_address_of_the_reports(tmp_path: Path) -> None:
    for office in opened(tmp_path, "", ("Lee Park", "lee@x.example")):
        office.says("Dana", away_until=NOW + dt.timedelta(days=1), covered_by="Lee Park")
        assert office.address("Dana", None, "email") == "lee@x.example"


def test_what_the_channel_refuses_goes_to_the_fallback(office: Office) -> None:
    found = fallback_for(office.find("Dana Ortiz"), "slack", office.settings)
    assert (found.name, found.is_fallback) == ("Dana Ortiz", True)
    assert "who can't be reached on Slack" in (found.note or "")


def test_a_message_that_was_sent_goes_on_saying_for_whom_it_is(office: Office) -> None:
    def sent_to(name: str, address: str) -> Addressee:
        return addressee_at(Recipient(address, address), name, None, "slack", office.settings, NOW)

    office.lists(listed("U0ANA00001", "Ana Sol"))
    assert sent_to("Dana Ortiz", "U0DANA0001").note is None
    assert (sent_to("Dana Ortiz", "#winback").note, sent_to("Dana Ortiz", "U0GONE0001").note) == (
        "For Dana Ortiz.",
        None,
    )
    assert "whom Slack does not know" in (sent_to("Kim", "#winback").note or "")
    assert sent_to("Kim", "#winback").is_fallback


def test_the_manager_of_whom_a_message_is_for(office: Office) -> None:
    office.says("Lee Park", slack="U0LEE00001")
    manager = manager_of(office.find("Dana Ortiz"), "slack", office.settings, NOW)
    assert manager is not None
    assert manager.recipient is not None
    assert manager.recipient.address == "U0LEE00001"
    assert manager_of(office.find("Kim", "kim@shop.example"), "slack", office.settings, NOW) is None
    # Whoever covers and is the manager, too, has had it.
    office.says("Dana Ortiz", away_until=NOW + dt.timedelta(days=2), covered_by="Lee Park")
    assert manager_of(office.find("Dana Ortiz"), "slack", office.settings, NOW) is None


def test_managers_are_those_whom_somebody_named(office: Office) -> None:
    office.says("Kim", manager="pat@x.example")
    assert is_manager(office.settings, "lee  park", None)
    assert is_manager(office.settings, None, "Pat@x.example")
    assert not is_manager(office.settings, "Pat", None)
    assert not is_manager(office.settings, None, None)
    office.says("Lee Park", email="lee@x.example")
    assert is_manager(office.settings, "Lee Park", "lee@x.example")
    assert not is_manager(office.settings, "Lee Park", "another@x.example")


def test_who_clicks_is_known_from_the_same_sources(office: Office) -> None:
    office.lists(listed("U0LEE00001", "Lee Park", "lee@x.example"), listed("U0PAT00001", "Pat"))
    assert csm_of("U0DANA0001", office.settings) == ("Dana Ortiz", None)
    assert csm_of("U0KIM00001", office.settings) == (None, "kim@shop.example")
    assert csm_of("U0LEE00001", office.settings) == ("Lee Park", None)
    assert csm_of("U0PAT00001", office.settings) is None
    assert csm_of("U0NOBODY01", office.settings) is None


def test_a_csm_who_clicks_is_called_as_in_the_reports(tmp_path: Path) -> None:
    csms = (("Dana", "dana@x.example"), ("Ana Sol", None), ("Kim", "kim@crm.example"))
    for office in opened(tmp_path, '[people.Kim]\nemail = "kim@slack.example"', *csms):
        office.lists(
            listed("U0DANA0001", "D", "dana@x.example"),
            listed("U0ANA00001", "ana sol"),
            listed("U0KIM00001", "K", "kim@slack.example"),
        )
        assert csm_of("U0DANA0001", office.settings) == ("Dana", "dana@x.example")
        assert csm_of("U0ANA00001", office.settings) == ("Ana Sol", None)
        assert csm_of("U0KIM00001", office.settings) == ("Kim", "kim@crm.example")


def test_a_name_that_somebody_gave_themselves_makes_nobody_a_manager(office: Office) -> None:
    """Two members bear it now: neither is taken for the manager."""
    office.lists(listed("U0LEE00001", "Lee Park"), listed("U0EVIL0001", "Eve", display_name="Lee Park"))
    assert csm_of("U0EVIL0001", office.settings) is None
    office.says("Lee Park", slack="U0LEE00001")
    assert csm_of("U0EVIL0001", office.settings) is None
    assert csm_of("U0LEE00001", office.settings) == ("Lee Park", None)


def test_the_directory_is_as_it_was_last_read(office: Office) -> None:
    assert directory_read_at() is None
    office.lists(listed("U0ANA00001", "Ana Sol"))
    office.lists(listed("U0LEE00001", "Lee Park"))
    assert directory_read_at() == NOW
    assert office.find("Ana Sol").is_fallback


def test_what_was_set_is_changed_field_by_field(office: Office) -> None:
    office.says("Ana Sol", slack="U0ANA00001", timezone="Asia/Tokyo")
    office.says("ana sol", slack=None, manager="Lee Park")
    person = set_person("ANA SOL", {}, "kim", NOW)
    assert (person.name, person.slack, person.timezone, person.manager) == ("Ana Sol", None, "Asia/Tokyo", "Lee Park")
    assert (person.set_by, person.set_at) == ("kim", NOW)


def test_names_have_one_key() -> None:
    assert name_key(" Zoe\u0308\u00a0 ÅNGSTRÖM ") == name_key("zoë ångström") == "zoë ångström"
    assert name_key("Straße") == name_key("STRASSE")
