"""Signing in and out, and passwords."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from winback.access.models import User
from winback.store.audit import note
from winback.web import site
from winback.web.password_mail import MAIL, SUBJECT, PasswordMail

_open = method_decorator(login_not_required, name="dispatch")
# What is noted of an address that somebody typed.
_LONGEST = 254


def _note(actor: str, action: str, details: str | None = None) -> None:
    note(site.workspace().now(), actor[:_LONGEST], action, "pages", details)


@_open
class SignIn(views.LoginView):
    """Open to everybody: it is how they come in. Five wrong passwords close it for a quarter of an hour."""

    template_name = "web/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        _note(form.get_user().get_username(), "signed in")
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        _note(self.request.POST.get("username", ""), "sign-in refused")
        return super().form_invalid(form)


def too_many_tries(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Instead of the form, for who has had too many wrong passwords."""
    _note(request.POST.get("username", ""), "sign-in locked")
    words = "Too many wrong passwords. Wait a quarter of an hour, then try again, or ask for a new password."
    return render(request, "web/problem.html", {"title": "Wait a little", "problem": words}, status=429)


class SignOut(views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _note(request.user.get_username(), "signed out")
        return super().post(request, *args, **kwargs)


class ChangePassword(views.PasswordChangeView):
    template_name = "web/form.html"
    success_url = reverse_lazy("overview")
    extra_context = {"title": "Change password", "button": "Change it"}  # noqa: RUF012

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        _note(self.request.user.get_username(), "password changed")
        return super().form_valid(form)


@_open
class ForgottenPassword(views.PasswordResetView):
    """Open to everybody, and answers all alike: it tells nobody who has an account."""

    template_name = "web/form.html"
    form_class = PasswordMail
    email_template_name = MAIL
    subject_template_name = SUBJECT
    success_url = reverse_lazy("mailed-password")
    extra_context = {"title": "Forgotten password", "button": "Mail me a link"}  # noqa: RUF012


@_open
class MailedPassword(views.PasswordResetDoneView):
    template_name = "web/mailed_password.html"


@_open
class NewPassword(views.PasswordResetConfirmView):
    """Open to whoever has the mail; its link works once, for three hours."""

    template_name = "web/form.html"
    success_url = reverse_lazy("sign-in")
    extra_context = {"title": "A new password", "button": "Set it"}  # noqa: RUF012

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        _note(form.user.get_username(), "password set by mail")
        return super().form_valid(form)
