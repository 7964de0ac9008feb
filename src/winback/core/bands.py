"""The bands of time of every figure (rules.md R7.2): `in` a band, and `within` it."""

from __future__ import annotations

import datetime as dt

# Name and upper bound, inclusive; days of 24 hours. The last takes the rest.
BANDS: tuple[tuple[str, dt.timedelta | None], ...] = (
    ("L24HRS", dt.timedelta(hours=24)),
    ("L48HRS", dt.timedelta(hours=48)),
    ("L72HRS", dt.timedelta(hours=72)),
    ("L30", dt.timedelta(days=30)),
    ("L60", dt.timedelta(days=60)),
    ("L90", dt.timedelta(days=90)),
    ("L>90", None),
)
