"""What the views for other programs (store/views.py) have to know of the settings and of people's working hours."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from winback.parameters import parameters
from winback.store import views

if TYPE_CHECKING:
    from winback.settings import Settings


def tell(settings: Settings, now: dt.datetime) -> None:
    """After all that may change it. Calendars reach to the end of next year: they are told anew long before."""
    views.tell_settings(parameters(settings, dt.datetime(now.year + 2, 1, 1, tzinfo=dt.UTC)))
