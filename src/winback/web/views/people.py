"""Who is who: how each CSM is found on each channel, those who are not first; and saying who they are."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from winback.core.texts import name_key
from winback.errors import UsageError
from winback.people import list_people
from winback.store.people import SETTABLE, persons
from winback.web.middleware import Asked, at_least
from winback.web.turning import turned_list


@at_least("manager")
def people(request: Asked) -> HttpResponse:
    table = list_people(request.workspace.settings, request.workspace.now())
    rows = [dict(zip(table.names, row, strict=True)) for batch in table.batches for row in batch]
    wanted = name_key(request.GET.get("name") or "")
    shown = [row for row in rows if wanted in name_key(f"{row['csm_name'] or ''} {row['csm_email'] or ''}")]
    lost = sum(row["to_do"] is not None and row["matched"] != "name" for row in rows)
    for row in rows:
        # What mends it on the command line stands behind a colon; here it is the form.
        row["problem"] = row["to_do"] and row["to_do"].partition(": ")[0]
        row["address_of_form"] = urlencode({"name": _named(row, rows)})
    found = {"turned": turned_list(request.GET, shown), "name": request.GET.get("name") or "", "lost": lost}
    return render(request, "web/people.html", found)


def _named(row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """Namesakes are told apart by e-mail."""
    emails = {each["csm_email"] for each in rows if each["csm_name"] == row["csm_name"]}
    return str(row["csm_email"] if row["csm_email"] and len(emails) > 1 else row["csm_name"] or row["csm_email"])


class Person(forms.Form):
    slack = forms.CharField(
        label="Slack member",
        required=False,
        help_text="Their member ID, such as U012ABCDEF.",
    )
    email = forms.CharField(
        label="E-mail", required=False, help_text="Where mail reaches them; also finds them in Slack."
    )
    manager = forms.CharField(required=False, help_text="Who hears of their finals, too: by name or e-mail.")
    timezone = forms.CharField(label="Time zone", required=False, help_text="Such as Europe/Madrid.")
    country = forms.CharField(required=False, help_text="Two capital letters: whose public holidays count.")
    away_until = forms.DateField(
        label="Away until",
        required=False,
        help_text="The day on which they are back.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    covered_by = forms.CharField(
        label="Covered by", required=False, help_text="Who gets their messages while they are away."
    )


@at_least("manager")
def person(request: Asked) -> HttpResponse:
    """Whom it is about stands in the address: names of reports may have any character."""
    name = (request.GET.get("name") or "").strip()
    if not name:
        raise UsageError("whom is it about? Choose somebody in the list of people")
    known = persons([name_key(name)]).get(name_key(name))
    before = {field: getattr(known, field, None) for field in SETTABLE}
    if isinstance(before["away_until"], dt.datetime):
        before["away_until"] = before["away_until"].astimezone(request.workspace.settings.tz).date()
    form = Person(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            return _set(request, name, before, form)
        except UsageError as error:
            field, _, text = str(error).partition(": ")
            form.add_error(field if field in SETTABLE else None, text if field in SETTABLE else str(error))
    page = {"name": name, "form": form, "known": known, "is_in_settings": _is_in_settings(request, name)}
    return render(request, "web/person.html", page, status=400 if form.errors else 200)


def _set(request: Asked, name: str, before: dict[str, Any], form: Person) -> HttpResponse:
    """What is as it was is not set again: an absence that has ended would be refused."""
    given = {field: form.cleaned_data[field] or None for field in SETTABLE}
    changed = {field: value for field, value in given.items() if value != before[field]}
    if changed:
        values = {field: value for field, value in changed.items() if value is not None}
        clear = [field for field, value in changed.items() if value is None]
        for remark in request.workspace.set_person(name, **values, clear=clear, by=request.user.email):
            messages.warning(request, remark)
        messages.success(request, f"{name} is set.")
    return redirect("people")


def _is_in_settings(request: Asked, name: str) -> bool:
    return name_key(name) in map(name_key, request.workspace.settings.people)
