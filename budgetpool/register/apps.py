from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "budgetpool.register"
    label = "register"
