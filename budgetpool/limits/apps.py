from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "budgetpool.limits"
    label = "limits"
