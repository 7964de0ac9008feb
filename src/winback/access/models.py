"""Somebody who signs in, and the keys of their programs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.db import models

from winback.core.roles import Role, role_of_groups
from winback.store.fields import MomentField, Text


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """People write their address in any case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """`email`: in lower case; a CSM of the reports is found by it, else by `name`, which is as the reports have it.
    What a user may do follows from the groups, one for each role."""

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    groups = models.ManyToManyField(Group, blank=True, related_name="users", verbose_name="roles")

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        db_table = "users"

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def role(self) -> Role | None:
        """The highest of their groups; None for somebody who has none, and may see nothing."""
        return role_of_groups(self.groups.values_list("name", flat=True)) if self.is_active else None

    # What Django's admin asks: it is open to administrators, with all that is in it.

    @property
    def is_staff(self) -> bool:
        return self.role == "admin"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class ApiKey(models.Model):
    """For a program that reads as its user does. `hash`: of the key, which is shown once and kept nowhere."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    label = Text()
    hash = Text(unique=True)
    created_at = MomentField()
    expires_at = MomentField(null=True)
    used_at = MomentField(null=True)

    class Meta:
        db_table = "api_keys"
