from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "budgetpool.fund"
    label = "fund"
