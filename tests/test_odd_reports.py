"""Machine-made odd and broken reports, two hundred in every run: each is applied rightly, held, or refused; never a
traceback, and nothing changed after a refusal. See tests/odd."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.odd.cases import draw_case
from tests.odd.judge import judge
from tests.odd.starts import DOTGOV, ORIGINS, Start, make_start

CHUNKS, IN_A_CHUNK = 40, 50
# The first of them; the others are left to `make soak`.
IN_EVERY_RUN = 2
SOAKED = range(100_000, 120_000)
# The history is looked at account by account after one pull of so many.
WHOLLY = 4


pytestmark = pytest.mark.skipif(not DOTGOV.is_dir(), reason=f"THE REAL REPORTS ARE NOT THERE: no folder {DOTGOV}")


@pytest.fixture(scope="session")
def starts(tmp_path_factory: pytest.TempPathFactory) -> list[Start]:
    folder = tmp_path_factory.mktemp("starts")
    return [
        make_start(origin, mode, folder / f"{origin}_{mode}") for origin in ORIGINS for mode in ("flag", "presence")
    ]


def judged(seeds: Sequence[int], starts: Sequence[Start], folder: Path) -> Counter[str]:
    """How many came to which status, once nothing is wrong with any."""
    wrong, statuses = [], Counter[str]()
    for seed in seeds:
        case = draw_case(seed, starts)
        status, found = judge(case, folder / str(seed), wholly=seed % WHOLLY == 0)
        shutil.rmtree(folder / str(seed))
        statuses[status] += 1
        wrong += [f"{seed} ({case.what}): {each}" for each in found]
    assert not wrong, "\n".join(wrong)
    return statuses


@pytest.mark.rule("R3.3", "R3.4", "R3.5", "R3.6", "R3.7", "R3.8", "R3.9", "R3.10", "R3.11", "R3.15")
@pytest.mark.parametrize(
    "chunk", [*range(IN_EVERY_RUN), *(pytest.param(n, marks=pytest.mark.soak) for n in range(IN_EVERY_RUN, CHUNKS))]
)
def test_odd_reports(chunk: int, starts: list[Start], tmp_path: Path) -> None:
    statuses = judged(range(chunk * IN_A_CHUNK, (chunk + 1) * IN_A_CHUNK), starts, tmp_path)
    assert min(statuses[status] for status in ("applied", "held", "refused")) > 0


@pytest.mark.soak
def test_more_odd_reports(starts: list[Start], tmp_path: Path) -> None:
    judged(SOAKED, starts, tmp_path)
