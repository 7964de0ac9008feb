"""Keys of the API: everybody makes, sees and revokes their own."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from winback.access.keys import keys_of, make_key, revoke_key
from winback.web.middleware import Asked

_LASTS = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until it is revoked"))


class NewKey(forms.Form):
    label = forms.CharField(
        label="What is it for?",
        max_length=100,
        help_text="Such as “Power BI, sales dashboard”: to tell it from others later.",
    )
    lasts = forms.ChoiceField(label="It works for", choices=_LASTS, initial="90", required=False)


def keys(request: Asked) -> HttpResponse:
    """A new key is in the answer to its form and nowhere else: a redirect would have to keep it somewhere meanwhile."""
    form = NewKey(request.POST or None)
    key = _made(request, form) if form.is_valid() else None
    now = request.workspace.now()
    own = [
        {"key": each, "is_over": each.expires_at is not None and each.expires_at <= now}
        for each in keys_of(request.user)
    ]
    shown = {
        "form": NewKey() if key else form,
        "made": key,
        "keys": own,
        "address": request.build_absolute_uri("/api/v1/tables/at_risk"),
    }
    answer = render(request, "web/keys.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _made(request: Asked, form: NewKey) -> str:
    lasts = form.cleaned_data["lasts"]
    days = dt.timedelta(days=int(lasts)) if lasts else None
    return make_key(request.user, form.cleaned_data["label"], days, request.workspace.now())


@require_POST
def revoke(request: Asked, key_id: int) -> HttpResponse:
    for key in keys_of(request.user):
        if key.pk == key_id:
            revoke_key(key, request.user.email, request.workspace.now())
            messages.success(request, f"The key “{key.label}” is revoked: whatever used it is let in no more.")
            return redirect("keys")
    raise Http404
