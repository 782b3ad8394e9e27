from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "budgetpool.demo"
    label = "demo"
