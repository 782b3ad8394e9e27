from importlib import import_module

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "budgetpool.users"
    label = "users"

    def ready(self) -> None:
        """Routes name keys, whichever of their modules is loaded first."""
        import_module("budgetpool.keys")
