"""What somebody typed above any page: the accounts that are called so, or the one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from winback.searching import MOST_HITS, find_accounts
from winback.web.actor import seen_at
from winback.web.filters import Filters
from winback.web.middleware import Asked


def find(request: Asked) -> HttpResponse:
    """One account that is called so, or one with just that UID, is shown at once. Product, region and CSM narrow
    nothing here: whoever asks for an account by its name means that one."""
    workspace, wanted = request.workspace, request.GET.get("q", "").strip()
    filters = Filters.of(request.GET, workspace)
    hits = find_accounts(workspace.settings, wanted, filters.at or workspace.now(), seen_at(request))
    meant = [hit for hit in hits if hit.uid == wanted] or hits
    if len(meant) == 1:
        return redirect(filters.account(meant[0].product, meant[0].uid))
    shown = {
        "wanted": wanted,
        "typed": wanted,
        "filters": filters,
        "rows": [(hit, filters.account(hit.product, hit.uid), _TONES.get(hit.status, "")) for hit in hits[:MOST_HITS]],
        "is_cut": len(hits) > MOST_HITS,
        "names_product": len(workspace.settings.products) > 1,
    }
    return render(request, "web/find.html", shown)


_TONES = {"at_risk": "risk", "lost": "lost", "won": "won", "adopted": "won"}
