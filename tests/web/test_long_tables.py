"""Tables of many pages, and what is not for a CSM's eyes."""

from __future__ import annotations

from pathlib import Path

from tests.programme import rows
from tests.web.opened import opened, played
from tests.web.test_tables import uids
from winback.store.models import Case


def test_pages_of_a_long_table(tmp_path: Path) -> None:
    programme = played(tmp_path)
    every = {"csm_name": "Ana", "region": "EMEA", "gmv": 1, "revenue": 1}
    many = " ".join(f"x{number}" for number in range(120))
    programme.pull(13, rows(" ".join(f"{uid}+" for uid in many.split()) + " a+ b- c- d- e+ n+", every))
    programme.pull(14, rows(" ".join(f"{uid}-" for uid in many.split()) + " a+ b- c- d- e+ n+", every))
    with opened(programme) as pages:
        parts = [uids(pages, f"/at-risk/?sort=merchant_name&page={page}") for page in (1, 2, 3)]
        assert [len(part) for part in parts] == [50, 50, 22]
        assert len({uid for part in parts for uid in part}) == 122
        Case.objects.filter(uid="x7").update(arm="held_out", holdout_share=0.5)
        csm = pages.client("csm").get("/at-risk/?q=x7").content.decode()
        assert '?uid=x7"' not in csm
        assert '?uid=x70"' in csm
        assert "x7" in uids(pages, "/at-risk/?q=x7")
