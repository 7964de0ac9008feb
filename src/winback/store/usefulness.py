"""Whether messages were useful to whom they were for (rules.md R7.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from winback.store.columns import Columns
from winback.store.cube import Csm, Document, share


@dataclass(frozen=True)
class Answers:
    """How many of one stage, author and local month."""

    stage: str
    author: Csm
    month: str
    answered: int
    useful: int


def read_answers(columns: Columns, values: dict[str, object]) -> list[Answers]:
    return [
        Answers(stage, Csm(*author), month, answered, useful)
        for stage, *author, month, answered, useful in columns.rows("usefulness", values)
    ]


def document(answers: Iterable[Answers]) -> Document:
    found = list(answers)
    return {
        **counted(found),
        "by_stage": _by(found, lambda each: each.stage),
        "by_month": _by(found, lambda each: each.month),
        "by_csm": [{**_named(of), **counted(of)} for of in _grouped(found, lambda each: each.author.key).values()],
    }


def counted(answers: Iterable[Answers]) -> Document:
    found = list(answers)
    answered, useful = sum(each.answered for each in found), sum(each.useful for each in found)
    return {"answered": answered, "useful": useful, "share": share(useful, answered)}


def _by(answers: Iterable[Answers], key: Callable[[Answers], str]) -> Document:
    return {name: counted(of) for name, of in _grouped(answers, key).items()}


def _grouped(answers: Iterable[Answers], key: Callable[[Answers], str]) -> dict[str, list[Answers]]:
    groups: dict[str, list[Answers]] = {}
    for each in sorted(answers, key=key):
        groups.setdefault(key(each), []).append(each)
    return groups


def _named(answers: Iterable[Answers]) -> Document:
    """Of several spellings the first by the alphabet."""
    authors = [each.author for each in answers]
    name = min((author.name for author in authors if author.name), default="")
    return {"csm_name": name, "csm_email": min((author.email for author in authors if author.email), default=None)}
