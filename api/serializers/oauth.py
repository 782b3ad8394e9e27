"""What a program sends for an access token, and gets."""

from typing import Any

from rest_framework import serializers

from api.oauth import assertions
from api.scopes import ALL


class AskedTokenSerializer(serializers.Serializer[Any]):
    """A secret, by Basic authentication or in the body, or a signed assertion; one of the two."""

    grant_type = serializers.ChoiceField(choices=["client_credentials"])
    scope = serializers.CharField(
        required=False, help_text="With spaces between; without it, all that the client may."
    )
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)
    client_assertion_type = serializers.ChoiceField(choices=[assertions.TYPE], required=False)
    client_assertion = serializers.CharField(required=False, help_text="A signed JWT (RFC 7523).")


class AccessTokenSerializer(serializers.Serializer[Any]):
    """A token for `Authorization: Bearer`."""

    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    scope = serializers.CharField(help_text=" ".join(sorted(ALL)))


class RefusedTokenSerializer(serializers.Serializer[Any]):
    """Why there is no token, as RFC 6749 says it."""

    error = serializers.CharField()
    error_description = serializers.CharField()
