"""Which episodes the tables and KPIs at a moment T are about (rules.md R4.4, R4.7; filters of §7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .programme import Programme
from .reading import Account
from .records import Adoption, Case, seen_at, state

Programmes = Sequence[Programme]


@dataclass(frozen=True)
class Filter:
    """None filters nothing; "" is an account without a region or CSM."""

    region: str | None = None
    csm: str | None = None

    def keeps(self, frozen: Account, owner: Account) -> bool:
        right_region = self.region is None or (frozen.region or "") == self.region
        return right_region and (self.csm is None or self._is_csm(owner, self.csm))

    def _is_csm(self, owner: Account, csm: str) -> bool:
        if csm == "":
            return not owner.csm_name and not owner.csm_email
        return owner.csm_name == csm or (owner.csm_email or "").lower() == csm.lower()

    def keeps_episode(self, episode: Case | Adoption, at: datetime) -> bool:
        owner = seen_at(episode, at) if isinstance(episode, Case) else episode.frozen
        return self.keeps(episode.frozen, owner)


EVERYONE = Filter()


def valid_cases(programme: Programme, at: datetime) -> list[Case]:
    return [case for case in programme.cases if case.churned_at <= at and not case.is_void]


def latest_episodes(programme: Programme, at: datetime) -> list[Case | Adoption]:
    """R4.4: of each account its newest case, else its new adoption."""
    latest: dict[str, Case | Adoption] = {}
    for adoption in programme.adoptions:
        if adoption.won_at <= at:
            latest[adoption.uid] = adoption
    for case in sorted(valid_cases(programme, at), key=lambda case: case.churned_at):
        latest[case.uid] = case
    return list(latest.values())


def latest_cases(
    programmes: Programmes, at: datetime, states: Sequence[str], where: Filter
) -> Iterator[tuple[Programme, Case]]:
    for programme in programmes:
        for case in latest_episodes(programme, at):
            if not isinstance(case, Case) or state(case, at, programme.settings) not in states:
                continue
            if where.keeps_episode(case, at):
                yield programme, case


def latest_adoptions(programmes: Programmes, at: datetime, where: Filter) -> Iterator[tuple[Programme, Adoption]]:
    for programme in programmes:
        for adoption in latest_episodes(programme, at):
            if isinstance(adoption, Adoption) and where.keeps_episode(adoption, at):
                yield programme, adoption
