"""Who may sign in, and as what."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from winback.access.models import User
from winback.access.users import make_user, set_active, set_role
from winback.core.roles import ROLES, Role, role_of_groups
from winback.errors import UsageError
from winback.store.audit import note
from winback.web import site
from winback.web.middleware import Asked, at_least
from winback.web.password_mail import link_for, mail_link
from winback.web.turning import turned_list


class NewUser(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254)
    name = forms.CharField(required=False, max_length=200, help_text="Of a CSM: as the reports have it.")
    role = forms.ChoiceField(choices=[(role, role) for role in ROLES], initial="viewer")


@at_least("admin")
def users(request: Asked) -> HttpResponse:
    form = NewUser(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _make(request, form)
        except UsageError as error:
            form.add_error("email", str(error))
    turned = turned_list(request.GET, User.objects.prefetch_related("groups").order_by("email"))
    for user in turned.rows:
        user.named_role = role_of_groups([group.name for group in user.groups.all()])
    page = {"form": form, "turned": turned, "roles": ROLES, "has_mail": _has_mail(request)}
    return render(request, "web/users.html", page, status=400 if form.errors else 200)


def _make(request: Asked, form: NewUser) -> HttpResponse:
    given = form.cleaned_data
    role = cast("Role", given["role"])
    made = make_user(given["email"], given["name"], role, None, request.user.email, request.workspace.now())
    _invite(request, made)
    return redirect("users")


@at_least("admin")
@require_POST
def user(request: Asked, user_id: int, what: str) -> HttpResponse:
    found = get_object_or_404(User, pk=user_id)
    by, now = request.user.email, request.workspace.now()
    if what not in ("role", "link", "shut-out", "let-in"):
        raise Http404
    if found.pk == request.user.pk and what != "link":
        raise UsageError("nobody takes their own role or shuts themselves out: another administrator can")
    if what == "role":
        set_role(found, cast("Role", request.POST.get("role", "")), by, now)
        messages.success(request, f"{found.email} is {request.POST['role']} now.")
    elif what == "link":
        _invite(request, found)
    else:
        set_active(found, what == "let-in", by, now)
        messages.success(request, f"{found.email} may {'' if what == 'let-in' else 'not '}sign in now.")
    return redirect("users")


def _invite(request: Asked, found: User) -> None:
    if not site.has_passwords(request.workspace.settings.web):
        messages.success(request, f"{found.email} may sign in with their company account now.")
        return
    note(request.workspace.now(), request.user.email, "password link made", found.email)
    if _has_mail(request):
        mail_link(request, found)
        messages.success(request, f"A link to set a password is on its way to {found.email}.")
    else:
        link = link_for(request, found)
        messages.success(request, f"No mail is set up: give {found.email} this link, it works once: {link}")


def _has_mail(request: Asked) -> bool:
    email = request.workspace.settings.email
    return email is not None and email.smtp is not None and email.sender is not None
