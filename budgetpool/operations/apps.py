from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "budgetpool.operations"
    label = "operations"
