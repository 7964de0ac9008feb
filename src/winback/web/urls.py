"""Every address."""

from __future__ import annotations

from django.urls import include, path

from winback.web.api import app as api
from winback.web.views import keys, overview, sign_in, single_sign_on

handler403 = "winback.web.views.problems.not_allowed"
handler404 = "winback.web.views.problems.not_found"
handler500 = "winback.web.views.problems.broken"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/company/", single_sign_on.begin, name="single-sign-on"),
    path("sign-in/company/done/", single_sign_on.done, name="single-sign-on-done"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("password/", sign_in.ChangePassword.as_view(), name="change-password"),
    path("password/forgotten/", sign_in.ForgottenPassword.as_view(), name="forgotten-password"),
    path("password/mailed/", sign_in.MailedPassword.as_view(), name="mailed-password"),
    path("password/new/<uidb64>/<token>/", sign_in.NewPassword.as_view(), name="new-password"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:key_id>/revoke/", keys.revoke, name="revoke-key"),
    path("api/v1/", include(api.urls())),
]
