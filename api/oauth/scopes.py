"""Which scopes a program may ask for (the backend of django-oauth-toolkit)."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from api.scopes import ALL


class ClientScopes(BaseScopes):  # type: ignore[misc]
    """A program asks for any of its own scopes, and gets all of them when it names none."""

    def get_all_scopes(self) -> dict[str, str]:
        return ALL

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return sorted(set(application.client.scopes) & set(ALL))

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)
