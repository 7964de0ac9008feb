"""Why the guard holds a pull, as rows for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_SAMPLE = ("uid", "merchant_name", "csm_name", "region", "gmv")


@dataclass(frozen=True)
class Reason:
    """`counted` of `total` accounts or rows, beside the `limit`, a share; None where the finding has no numbers. Of
    pulls that were held by an older version there is only `what`, with the numbers in it."""

    rule: str
    what: str
    counted: int | None
    total: int | None
    share: float | None
    limit: float | None
    sample: list[dict[str, Any]]


def reasons_of(findings: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """What has no numbers says it all, and comes first; then what concerns most: a region that is gone explains that
    its CSMs' accounts are."""
    return sorted(map(_reason, findings), key=lambda reason: (reason.counted is not None, -(reason.counted or 0)))


def _reason(finding: Mapping[str, Any]) -> Reason:
    counted, total, limit = finding.get("counted"), finding.get("total"), finding.get("limit")
    has_share = limit is not None and counted is not None and total
    return Reason(
        rule=finding["rule"],
        what=finding.get("what") or finding["text"],
        counted=counted if has_share else None,
        total=total if has_share else None,
        share=counted / total if has_share else None,  # type: ignore[operator]
        limit=limit,
        sample=[dict(zip(_SAMPLE, row, strict=True)) for row in finding["sample"]],
    )
