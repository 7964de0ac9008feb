"""Finding accounts tells a CSM nothing of those that are held out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programme import Programme, accounts, day, rows
from tests.web.opened import Pages, opened
from tests.web.test_find import found
from winback.core.holdout import arm_of
from winback.store.models import Case


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Pages]:
    """Seventy accounts, of which the first ten switch off; one in two is held out."""
    programme = Programme(
        tmp_path, "[cases]\nholdout = 0.5\n", product="[products.payments.guard]\nmin_accounts = 1000"
    )
    programme.pull(1, rows(accounts(70), {"merchant_name": "Oak", "gmv": 5}))
    programme.pull(2, rows(f"{accounts(10, '-')} {accounts(60, start=10)}", {"merchant_name": "Oak", "gmv": 5}))
    programme.now = day(3)
    with opened(programme) as pages:
        yield pages


def test_a_held_out_account_is_to_a_csm_like_one_that_never_changed(many: Pages) -> None:
    held = [case.uid for case in Case.objects.all() if arm_of("payments", case.uid, 0.5) == "held_out"]
    assert held
    told = many.get("manager", "/find/?q=oak").content.decode()
    assert len(found(told)) == 50
    assert "and more: type more of the name" in told
    shown = found(many.get("csm", "/find/?q=oak").content.decode())
    for uid in held:
        assert found(told).get(uid, "At risk") == "At risk"
        assert shown.get(uid, "No churn") == "No churn"
    of_held, of_other = (
        re.sub(r"m\d+|csrf\w+\" value=\"\w+", "", many.get("csm", f"/account/payments/?uid={uid}").content.decode())
        for uid in (held[0], "m50")
    )
    assert of_held == of_other


def test_of_a_list_of_accounts_that_are_off_a_csm_finds_none(tmp_path: Path) -> None:
    """That the history has an account tells that it is off."""
    programme = Programme(tmp_path, "[cases]\nholdout = 0.99\n", product="mode = 'presence'")
    programme.pull(1, [{"uid": "m0", "merchant_name": "Oak"}])
    programme.pull(2, [{"uid": f"m{number}", "merchant_name": "Oak"} for number in range(2)])
    programme.now = day(3)
    with opened(programme) as pages:
        assert Case.objects.get(uid="m1").arm == "held_out"
        assert pages.get("csm", "/account/payments/?uid=m1").status_code == 404
        assert found(pages.get("csm", "/find/?q=m").content.decode()) == {}
        assert found(pages.get("manager", "/find/?q=m").content.decode()) == {"m0": "At risk", "m1": "At risk"}
