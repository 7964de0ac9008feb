"""Every address."""

from __future__ import annotations

from django.urls import include, path, register_converter

from winback.web.admin import site as admin_site
from winback.web.api import app as api
from winback.web.views import (
    account,
    audit,
    csms,
    find,
    health,
    impact,
    keys,
    link,
    messages,
    my_accounts,
    overview,
    people,
    periods,
    pulls,
    rejected,
    requests,
    sign_in,
    single_sign_on,
    tables,
    upload,
    users,
)

register_converter(account.AnswerName, "answer")

handler403 = "winback.web.views.problems.not_allowed"
handler404 = "winback.web.views.problems.not_found"
handler500 = "winback.web.views.problems.broken"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("trend/", overview.trend, name="trend"),
    path("at-risk/", tables.at_risk, name="at-risk"),
    path("churned/", tables.churned, name="churned"),
    path("won/", tables.won, name="won"),
    path("readopted/", tables.readopted, name="readopted"),
    path("my-accounts/", my_accounts.my_accounts, name="my-accounts"),
    path("find/", find.find, name="find"),
    path("account/<str:product>/", account.account, name="account"),
    path("case/<int:case>/void/", account.void, name="void-case"),
    path("case/<int:case>/<answer:name>/", account.answer, name="answer-case"),
    # As messages/links.py writes it.
    path("answer/<str:token>", link.link, name="link"),
    path("months/", periods.periods, name="months"),
    path("csms/", csms.csms, name="csms"),
    path("impact/", impact.impact, name="impact"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
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
    path("pulls/", pulls.pulls, name="pulls"),
    path("pulls/<int:pull_id>/", pulls.pull, name="pull"),
    path("pulls/<int:pull_id>/<slug:what>/", pulls.decide, name="decide"),
    path("requests/<int:request_id>/", requests.request_, name="request"),
    path("rejected/", rejected.rejected, name="rejected"),
    path("messages/", messages.messages_, name="messages"),
    path("messages/release/", messages.release, name="release"),
    path("upload/", upload.upload, name="upload"),
    path("upload/<int:request_id>/apply/", upload.apply, name="apply-upload"),
    path("people/", people.people, name="people"),
    path("people/set/", people.person, name="person"),
    path("users/", users.users, name="users"),
    path("users/<int:user_id>/<slug:what>/", users.user, name="user"),
    path("audit/", audit.audit, name="audit"),
    path("admin/", admin_site.urls),
]
