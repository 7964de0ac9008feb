"""The part of the public face that is about people, and about what they did."""

from __future__ import annotations

import datetime as dt
import getpass
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from winback import activities, claiming, formats, people, sending, sql_views
from winback.answers import Said
from winback.faults import each_plainly, plain_spoken

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.activities import Gathered
    from winback.claiming import Imported
    from winback.core.claims import Outcome
    from winback.messages.deliver import Post
    from winback.people import Given
    from winback.settings import Product, Settings

Moment = dt.datetime | dt.date | str | None


@plain_spoken
class Team(ABC):
    """What a workspace knows of people; see workspace.py."""

    settings: Settings

    @abstractmethod
    def now(self) -> dt.datetime: ...

    @abstractmethod
    def moment(self, value: Moment, product: str | None = None) -> dt.datetime | None: ...

    @abstractmethod
    def product(self, name: str | None) -> Product: ...

    @abstractmethod
    def _post(self) -> Post: ...

    def people(self) -> pa.Table:
        """Every CSM who owns an open case or of whom something is said: how they are reached, and what to do where they
        are not."""
        return formats.to_arrow(people.list_people(self.settings, self.now()))

    def set_person(
        self,
        name: str,
        *,
        slack: str | None = None,
        email: str | None = None,
        manager: str | None = None,
        timezone: str | None = None,
        country: str | None = None,
        away_until: Moment = None,
        covered_by: str | None = None,
        clear: Sequence[str] = (),
        by: str | None = None,
    ) -> list[str]:
        """Says who somebody is, by the name in the report or by e-mail; [people] of winback.toml counts before it.
        `clear`: what is not to be said any more. Remarks, if there are any."""
        values = {"slack": slack, "email": email, "manager": manager, "timezone": timezone, "country": country}
        absence = {"away_until": self.moment(away_until), "covered_by": covered_by}
        remarks = people.set_person(self.settings, name, values | absence, clear, by or me(), self.now())
        sql_views.tell(self.settings, self.now())
        return remarks

    def open_cases_of(self, name: str) -> pa.Table:
        """What somebody who leaves has to give away."""
        return formats.to_arrow(people.open_cases_of(self.settings, name, self.now()))

    def reassign(
        self, case_ids: Sequence[int], to: str, reason: str | None = None, by: str | None = None
    ) -> list[Given]:
        """Gives cases to another CSM, and tells them."""
        given = people.reassign(self.settings, case_ids, to, reason, by or me(), self.now())
        sending.correct(self.settings, self._post())
        return given

    # What CSMs say

    def claim(
        self,
        uid: str,
        outcome: Outcome,
        csm: str,
        *,
        product: str | None = None,
        reason: str | None = None,
        note: str | None = None,
        at: Moment = None,
    ) -> str:
        """A CSM says that the account's newest case is won or lost (rules.md R6.1); what to say to them. With `at` the
        same claim counts once."""
        if product is not None:
            self.product(product)
        moment = self.moment(at, product)
        said = Said(outcome, reason, note, moment or self.now(), "cli")
        text = claiming.claim(self.settings, uid, csm, product, said, self.now(), is_dated=moment is not None)
        sending.correct(self.settings, self._post())
        return text

    def import_claims(self, path: str | Path, by: str | None = None) -> Imported:
        """Records the claims of a file, all or none; the same file again changes nothing."""
        imported = claiming.import_claims(self.settings, Path(path), by or me(), self.now())
        sending.correct(self.settings, self._post())
        return imported

    # What the CRM tells

    def gather_activities(self, since: Moment = None) -> Iterator[Gathered]:
        """Brings in what is new in the CRM, a source after the other; `since`: reads all from then on again. A source
        that could not be read says so in `failed`."""
        return each_plainly(activities.gather(self.settings, self.moment(since), self.now()))

    def unmatched_activities(self) -> pa.Table:
        """Accounts and people of the CRM that are nobody's yet."""
        return formats.to_arrow(activities.list_unmatched())

    def map_account(self, source: str, ref: str, uid: str | None, by: str | None = None) -> list[str]:
        """Says which UID an account of the CRM has, also for what was read before; None takes it back. Remarks, if
        there are any."""
        return activities.map_account(self.settings, source, ref, uid, by or me(), self.now())

    def map_owner(
        self, source: str, ref: str, csm: str | None, *, is_nobody: bool = False, by: str | None = None
    ) -> None:
        """Says which CSM somebody in the CRM is, or that they are none (`is_nobody`); without either, takes it
        back."""
        activities.map_owner(self.settings, source, ref, csm, is_nobody, by or me(), self.now())


def me() -> str:
    """Who decides, where nobody is named: this user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
