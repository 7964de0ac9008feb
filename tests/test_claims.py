"""Claims from every door end in one function (rules.md R6.1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.programme import Programme, day
from winback.core.claims import NewClaim
from winback.store.claims import NoCase, Recorded, forget_claims, record_claims

WON = NewClaim("crm:1", "a", "won", "Dana", None, day(5), "crm")


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """`a` churned on day 2, came back on day 3 and churned again on day 5."""
    programme = Programme(tmp_path)
    for number, words in ((1, "a+ b+"), (2, "a- b+"), (3, "a+ b+"), (5, "a- b+")):
        programme.pull(number, words)
    programme.now = day(9)
    return programme


def record(programme: Programme, *claims: NewClaim, imported: bool = True) -> Recorded:
    with programme.open():
        return record_claims(claims, programme.now, imported=imported)


def churns_claimed(programme: Programme) -> list[object]:
    """When the case of each claim had begun."""
    churned = {row["case_id"]: row["churned_at"] for row in programme.table("cases")}
    return [churned.get(row["case_id"]) for row in programme.table("claims")]


@pytest.mark.rule("R6.1")
def test_claims_imported_again_change_nothing(programme: Programme) -> None:
    claims = [WON, replace(WON, answer="crm:2", claimed_at=day(4)), replace(WON, answer="crm:3", uid="z")]
    assert record(programme, *claims) == Recorded(added=3, unmatched=["crm:3"])
    before = programme.table("claims")
    programme.now = day(10)
    assert record(programme, *claims) == Recorded(unchanged=3, unmatched=["crm:3"])
    assert programme.table("claims") == before
    assert churns_claimed(programme) == [day(2), day(5), None]


@pytest.mark.rule("R6.1")
def test_a_claim_that_the_crm_changed_is_the_same_claim_with_other_values(programme: Programme) -> None:
    record(programme, WON)
    edited = replace(WON, outcome="lost", reason="Price", csm_name="Lee")
    assert record(programme, edited) == Recorded(changed=1)
    (row,) = programme.table("claims")
    assert (row["outcome"], row["reason"], row["csm_name"]) == ("lost", "Price", "Lee")
    assert churns_claimed(programme) == [day(5)]
    record(programme, replace(edited, claimed_at=day(2)))
    assert churns_claimed(programme) == [day(2)]


@pytest.mark.rule("R6.1")
def test_a_case_is_fixed_when_a_claim_is_recorded(programme: Programme) -> None:
    """A report that comes later may show another churn before the claim: it stays where it is."""
    record(programme, replace(WON, claimed_at=day(8)))
    programme.pull(9, "a+ b+")
    moved = [{"uid": "a", "is_product_enabled": "false", "changed_at": "2026-11-09T09:00:01Z"}]
    programme.pull(10, [*moved, {"uid": "b", "is_product_enabled": "true"}])
    record(programme, replace(WON, claimed_at=day(8), note="called"))
    assert churns_claimed(programme) == [day(5)]


@pytest.mark.rule("R6.1")
def test_an_unmatched_claim_is_looked_at_again_when_it_is_imported_again(programme: Programme) -> None:
    late = replace(WON, uid="b", claimed_at=day(10))
    assert record(programme, late).unmatched == ["crm:1"]
    programme.pull(10, "a- b-")
    assert record(programme, late) == Recorded(changed=1)
    assert churns_claimed(programme) == [day(10)]


@pytest.mark.rule("R6.1")
def test_a_claim_without_a_case_that_is_not_imported_is_refused_with_all_others(programme: Programme) -> None:
    with pytest.raises(NoCase):
        record(programme, WON, replace(WON, answer="2", claimed_at=day(1)), imported=False)
    assert programme.table("claims") == []


@pytest.mark.rule("R6.5")
def test_what_a_crm_has_no_more_is_forgotten(programme: Programme) -> None:
    record(programme, WON, replace(WON, answer="crm:2"))
    with programme.open():
        assert forget_claims(["crm:1", "crm:9"]) == 1
    assert len(programme.table("claims")) == 1
