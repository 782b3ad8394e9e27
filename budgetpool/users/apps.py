from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "budgetpool.users"
    label = "users"
