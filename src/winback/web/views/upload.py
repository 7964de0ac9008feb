"""A report that somebody hands in: first what it would change, then the pull."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from winback import requests
from winback.errors import ReportRefused, UsageError
from winback.report.sources import FORMS
from winback.store.audit import note
from winback.store.database import writing
from winback.uploads import path_of, store_upload
from winback.web.decision_forms import Once
from winback.web.middleware import Asked, at_least


class Upload(Once):
    report = forms.FileField(
        help_text=f"Choose it, or drop it here: {', '.join(FORMS)}; also packed as .gz or .zst.",
        widget=forms.FileInput(attrs={"class": "drop"}),
    )
    product = forms.ChoiceField()
    at = forms.CharField(
        label="Of which moment",
        required=False,
        max_length=40,
        help_text="Without one: the date in the file's name, else now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    field_order = ("report", "product", "at", "key")

    def __init__(self, *args: Any, products: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        product = cast("forms.ChoiceField", self.fields["product"])
        product.choices = [(name, name) for name in products]
        if len(products) == 1:
            product.initial, product.widget = products[0], forms.HiddenInput()


@at_least("manager")
def upload(request: Asked) -> HttpResponse:
    products = list(request.workspace.settings.products)
    if request.method != "POST":
        form = Upload(products=products, initial=Once.fresh().initial)
        return render(request, "web/upload.html", {"form": form})
    form = Upload(request.POST, request.FILES, products=products)
    if form.is_valid():
        try:
            return redirect("request", _check(request, form))
        except ReportRefused as refusal:
            form.add_error("report", str(refusal))
        except UsageError as error:
            form.add_error("at", str(error))
    return render(request, "web/upload.html", {"form": form}, status=400)


def _check(request: Asked, form: Upload) -> int:
    given, workspace = form.cleaned_data, request.workspace
    product, file = given["product"], given["report"]
    workspace.moment(given["at"] or None, product)
    most = workspace.settings.products[product].max_report_bytes
    path = store_upload(workspace.settings, cast("BinaryIO", file), file.name or "", most)
    arguments = {"product": product, "path": path} | ({"at": given["at"]} if given["at"] else {})
    with writing():
        note(workspace.now(), request.user.email, "report uploaded", f"{product}, {path.name}")
        key = f"check:{given['key']}"
        return requests.ask(workspace.settings, "check_upload", arguments, request.user.email, workspace.now(), key=key)


@at_least("manager")
@require_POST
def apply(request: Asked, request_id: int) -> HttpResponse:
    """What was looked at, just so: file, product and moment are those of the request that looked."""
    checked = requests.find(request_id)
    if checked is None or checked.kind != "check_upload" or checked.status != "done":
        raise Http404
    workspace = request.workspace
    arguments = {**checked.arguments, "path": path_of(workspace.settings, checked.arguments["path"])}
    with writing():
        note(workspace.now(), request.user.email, "report handed in", f"{arguments['product']}, {arguments['at']}")
        key = f"apply:{checked.id}"
        asked = requests.ask(workspace.settings, "pull_upload", arguments, request.user.email, workspace.now(), key=key)
    return redirect("request", asked)
