"""What the provider tells of somebody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from oauth2_provider.oauth2_validators import OAuth2Validator


class Claims(OAuth2Validator):  # type: ignore[misc]
    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, object]:
        people: dict[str, dict[str, object]] = getattr(settings, "PEOPLE", {})
        return people[request.user.username]
