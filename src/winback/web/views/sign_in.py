"""Signing in and out, and passwords."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from winback.access.models import User
from winback.store import audit
from winback.web import site
from winback.web.password_mail import MAIL, SUBJECT, PasswordMail

View = Callable[..., HttpResponseBase]
_open = method_decorator(login_not_required, name="dispatch")
# What is noted of an address that somebody typed.
_LONGEST = 254


def note(actor: str, action: str, details: str | None = None) -> None:
    audit.note(site.workspace().now(), actor[:_LONGEST], action, "pages", details)


def _with_passwords(view: View) -> View:
    """What is refused where people sign in by single sign-on alone."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        if site.has_passwords(site.workspace().settings.web):
            return view(request, *args, **values)
        words = "There are no passwords here: sign in with your company account."
        return render(request, "web/problem.html", {"problem": words, "is_signing_in": True}, status=403)

    return asked


_of_passwords = method_decorator(_with_passwords, name="dispatch")


@method_decorator(_with_passwords, name="post")
@_open
class SignIn(views.LoginView):
    """Open to everybody: it is how they come in. Five wrong passwords close it for a quarter of an hour."""

    template_name = "web/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        web = site.workspace().settings.web
        return {**super().get_context_data(**kwargs), "has_single_sign_on": web is not None and web.oidc is not None}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        note(form.get_user().get_username(), "signed in")
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        note(self.request.POST.get("username", ""), "sign-in refused")
        return super().form_invalid(form)


def too_many_tries(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Instead of the form, for who has had too many wrong passwords."""
    note(request.POST.get("username", ""), "sign-in locked")
    words = "Too many wrong passwords. Wait a quarter of an hour, then try again, or ask for a new password."
    return render(request, "web/problem.html", {"title": "Wait a little", "problem": words}, status=429)


class SignOut(views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note(request.user.get_username(), "signed out")
        return super().post(request, *args, **kwargs)


@_of_passwords
class ChangePassword(views.PasswordChangeView):
    template_name = "web/form.html"
    success_url = reverse_lazy("overview")
    extra_context = {"title": "Change password", "button": "Change it"}  # noqa: RUF012

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        note(self.request.user.get_username(), "password changed")
        return super().form_valid(form)


@_of_passwords
@_open
class ForgottenPassword(views.PasswordResetView):
    """Open to everybody, and answers all alike: it tells nobody who has an account."""

    template_name = "web/form.html"
    form_class = PasswordMail
    email_template_name = MAIL
    subject_template_name = SUBJECT
    success_url = reverse_lazy("mailed-password")
    extra_context = {"title": "Forgotten password", "button": "Mail me a link"}  # noqa: RUF012


@_of_passwords
@_open
class MailedPassword(views.PasswordResetDoneView):
    template_name = "web/mailed_password.html"


@_of_passwords
@_open
class NewPassword(views.PasswordResetConfirmView):
    """Open to whoever has the mail; its link works once, for three hours."""

    template_name = "web/form.html"
    success_url = reverse_lazy("sign-in")
    extra_context = {"title": "A new password", "button": "Set it"}  # noqa: RUF012

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        note(form.user.get_username(), "password set by mail")
        return super().form_valid(form)
