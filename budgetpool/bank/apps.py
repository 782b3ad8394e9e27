from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "budgetpool.bank"
    label = "bank"
