"""How many came back by each day since their churn: Kaplan and Meier's estimate (1958), which counts every case for as
long as it was seen, those that are still off included.

Cases are followed for whole days of 24 hours: what happens in the running day counts from tomorrow, so that the
estimate by day 30, of cases that are all older, is the plain share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Normal deviate of a 95 % interval.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Followed:
    """So many cases that came back on the same day, or were followed until it and had not come back."""

    day: int
    is_back: bool
    cases: int


@dataclass(frozen=True)
class Step:
    """By this day a share has come back, with its 95 % interval (none once all are back): Greenwood's variance on the
    scale of log(-log)."""

    day: int
    share: float
    low: float | None
    high: float | None
    followed: int
    recovered: int


@dataclass(frozen=True)
class Curve:
    """`until`: the last day of which anything is known."""

    cases: int
    recovered: int
    until: int
    steps: Sequence[Step]

    def by(self, day: int) -> Step | None:
        """The step that holds on a day; nothing where no case was followed for so long, or none is back."""
        if day > self.until:
            return None
        return next((step for step in reversed(self.steps) if step.day <= day), None)

    def share_by(self, day: int) -> float | None:
        if day > self.until:
            return None
        step = self.by(day)
        return step.share if step else 0.0

    @property
    def median(self) -> int | None:
        """The day by which half of them are back."""
        return next((step.day for step in self.steps if step.share >= 0.5), None)


def recovery_curve(counts: Iterable[Followed], until: int | None = None) -> Curve:
    """`until`: later days are left out."""
    found = [each for each in counts if each.cases]
    last = max((each.day for each in found), default=0)
    last = last if until is None else min(last, until)
    cases, back = sum(each.cases for each in found), [each for each in found if each.is_back and each.day <= last]
    steps = [step for step in _steps(found) if step.day <= last] if back else []
    return Curve(cases, sum(each.cases for each in back), last, steps)


def _steps(found: Sequence[Followed]) -> list[Step]:
    import numpy as np
    from statsmodels.duration.survfunc import SurvfuncRight

    fitted = SurvfuncRight(
        np.array([each.day for each in found]),
        np.array([int(each.is_back) for each in found]),
        freq_weights=np.array([each.cases for each in found], dtype=float),
    )
    # With counts statsmodels has another variance than Greenwood's, which is that of one row a case.
    followed, recovered, left = fitted.n_risk, fitted.n_events, fitted.surv_prob
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(recovered / (followed * (followed - recovered)))
        width = _Z * np.sqrt(variance) / np.log(left)
        low, high = 1 - left ** np.exp(width), 1 - left ** np.exp(-width)
    return [
        Step(int(day), 1 - float(share), _number(a), _number(b), round(float(n)), round(float(d)))
        for day, share, a, b, n, d in zip(fitted.surv_times, left, low, high, followed, recovered, strict=True)
    ]


def _number(value: float) -> float | None:
    return float(value) if 0 <= value <= 1 else None
