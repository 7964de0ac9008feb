"""The provider's addresses."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import urls
from oauth2_provider.models import Application

from tests.oidc_provider import CLIENT_ID


@csrf_exempt
def register(request: HttpRequest) -> HttpResponse:
    client = Application.objects.get(client_id=CLIENT_ID)
    client.redirect_uris += f" {request.POST['redirect_uri']}"
    client.save()
    return HttpResponse()


urlpatterns = [
    path("o/", include((urls.base_urlpatterns + urls.oidc_urlpatterns, urls.app_name))),
    path("login/", LoginView.as_view(), name="login"),
    path("register/", register),
]
