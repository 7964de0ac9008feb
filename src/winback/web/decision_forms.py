"""Forms by which somebody asks for what `winback up` does."""

from __future__ import annotations

import uuid

from django import forms


class Once(forms.Form):
    """A form that is sent twice, as by a double click, asks for one thing."""

    key = forms.RegexField("[0-9a-f]{32}", widget=forms.HiddenInput)

    @classmethod
    def fresh(cls) -> Once:
        return cls(initial={"key": uuid.uuid4().hex})


class Decision(Once):
    reason = forms.CharField(
        max_length=1_000,
        help_text="In a few words, for whoever asks why later.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
