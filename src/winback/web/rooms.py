"""The four tables as pages: their columns, what they can be put in order by, and the views that stand ready."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`sort`: what a click on the heading puts in order by; `cell`: the column of the table, or what the page makes of
    the row; `kind`: how it is shown (web/account_table.html)."""

    heading: str
    cell: str
    kind: str = "text"
    sort: str | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "hours")


@dataclass(frozen=True)
class Room:
    """`name`: of the address; `table`: see pages.py; `about`: one line below the heading."""

    name: str
    table: str
    title: str
    about: str
    columns: tuple[Column, ...]
    views: tuple[tuple[str, dict[str, str]], ...] = ()
    has_kind: bool = False
    has_credit: bool = False

    @property
    def sorts(self) -> tuple[str, ...]:
        return ("merchant_name", *(column.sort for column in self.columns if column.sort))


_REGION = Column("Region", "region", sort="region")
_GMV = Column("GMV", "gmv", "money", "gmv")
_REVENUE = Column("Revenue", "revenue", "money", "revenue")
_OFF_SINCE = Column("Off since", "churned_at", "moment", "churned_at")
_CREDIT = Column("Credit", "credit", "credit")
# The order of every table where nothing else is asked for.
_ALL: tuple[str, dict[str, str]] = ("All, largest first", {})

AT_RISK = Room(
    "at-risk",
    "at_risk",
    "At risk",
    "Accounts that switched off and are neither back nor lost.",
    (
        Column("CSM", "owner", "person", "csm_name"),
        _REGION,
        _GMV,
        _REVENUE,
        Column("Off since", "churned_at", "moment", "churned_at"),
        Column("Last message", "last_stage"),
        Column("Where it stands", "standing", "standing"),
    ),
    (
        _ALL,
        ("Nobody has contacted in 24 h", {"uncontacted": "24h"}),
        ("Nobody has contacted in 48 h", {"uncontacted": "48h"}),
        ("New since yesterday", {"band": "L24HRS"}),
        ("Lost soon", {"lost_within": "14d", "sort": "churned_at", "up": "1"}),
    ),
)
CHURNED = Room(
    "churned",
    "lost",
    "Churned",
    "Accounts that are lost: too long off, or given up. One that comes back all the same counts as won.",
    (
        Column("CSM", "owner", "person", "csm_name"),
        _REGION,
        _GMV,
        _REVENUE,
        _OFF_SINCE,
        Column("Lost since", "lost_at", "moment", "lost_at"),
        Column("Where it stands", "standing", "standing"),
    ),
    (
        _ALL,
        ("Lost in the last 30 days", {"band": "L30", "within": "1"}),
        ("A CSM had tried", {"credit": "csm"}),
        ("Nobody had tried", {"credit": "self_service"}),
    ),
    has_credit=True,
)
WON = Room(
    "won",
    "wins",
    "Won",
    "Accounts that are back, and new adoptions, as long as they stay.",
    (
        Column("CSM", "owner", "person", "csm_name"),
        _REGION,
        _GMV,
        _REVENUE,
        Column("Kind", "kind", "word", "kind"),
        Column("Won", "won_at", "moment", "won_at"),
        Column("Away for", "turnover_hours", "hours", "turnover_hours"),
        _CREDIT,
    ),
    (
        _ALL,
        ("Last 30 days", {"band": "L30", "within": "1"}),
        ("By CSMs", {"credit": "csm"}),
        ("Assisted", {"credit": "assisted"}),
        ("New adoptions", {"kind": "new_adoption"}),
    ),
    has_kind=True,
    has_credit=True,
)
READOPTED = Room(
    "readopted",
    "readopted",
    "Re-adopted",
    "Every return of an account, whether it has switched off again since or not.",
    (
        Column("CSM", "owner", "person", "csm_name"),
        _REGION,
        _GMV,
        _REVENUE,
        _OFF_SINCE,
        Column("Back since", "closed_at", "moment", "closed_at"),
        Column("Away for", "turnover_hours", "hours", "turnover_hours"),
        _CREDIT,
    ),
    (
        _ALL,
        ("Last 30 days", {"band": "L30", "within": "1"}),
        ("By CSMs", {"credit": "csm"}),
        ("Assisted", {"credit": "assisted"}),
    ),
    has_credit=True,
)
