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
