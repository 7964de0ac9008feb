"""The link by which somebody sets a password: mailed, or, where no mail is set up, for whoever made the user."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from winback.access.models import User

MAIL, SUBJECT = "web/mail_password.txt", "web/mail_password_subject.txt"


class PasswordMail(PasswordResetForm):
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="If somebody who may sign in has this address, a link to set a new password goes there.",
    )

    def get_users(self, email: str) -> Iterator[User]:
        """Also of whoever was made without a password, and has none yet."""
        yield from User.objects.filter(email=email.strip().lower(), is_active=True)


def mail_link(request: HttpRequest, user: User) -> None:
    form = PasswordMail({"email": user.email})
    if form.is_valid():
        form.save(
            email_template_name=MAIL, subject_template_name=SUBJECT, use_https=request.is_secure(), request=request
        )


def link_for(request: HttpRequest, user: User) -> str:
    """It works once, for three hours."""
    values = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}
    return request.build_absolute_uri(reverse("new-password", kwargs=values))
