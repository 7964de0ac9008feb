"""Django's admin, for administrators: a look at the rows themselves. Nothing is changed there but names of users; what
has consequences is done on our own pages, and noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from winback.access.models import ApiKey, User
from winback.core.roles import is_at_least
from winback.store.audit import note
from winback.web import site as web_site
from winback.web.views.sign_in import SignOut

if TYPE_CHECKING:
    _Model = admin.ModelAdmin[Any]
else:
    # Only its types take a parameter.
    _Model = admin.ModelAdmin


class Site(admin.AdminSite):
    site_header = site_title = "Winback: the rows themselves"
    index_title = "Tables"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has not signed in never gets here."""
        if not is_at_least(getattr(request, "role", None), "admin"):
            raise PermissionDenied
        return True

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Open to everybody: there is one door, and this is not it."""
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': wanted})}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return SignOut.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("change-password")


class Rows(_Model):
    """To be looked at. Counting millions of rows for a headline is not worth the wait."""

    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Users(Rows):
    """The password's hash is nobody's business, nor the keys'."""

    fields = ("email", "name", "is_active", "groups", "last_login")
    readonly_fields = ("email", "is_active", "groups", "last_login")
    list_display = ("email", "name", "is_active", "last_login")
    search_fields = ("email", "name")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by, now = request.user.get_username(), web_site.workspace().now()
        note(now, by, "user renamed", obj.email, obj.name or "no name")


class Keys(Rows):
    fields = list_display = ("label", "user", "created_at", "expires_at", "used_at")
    list_select_related = ("user",)


def _site() -> Site:
    made = Site(name="admin")
    for model in apps.get_app_config("store").get_models():
        fields = tuple(field.name for field in model._meta.concrete_fields if not field.is_relation)
        made.register(model, type(f"{model.__name__}Rows", (Rows,), {"list_display": fields[:8]}))
    made.register(User, Users)
    made.register(ApiKey, Keys)
    return made


site = _site()
