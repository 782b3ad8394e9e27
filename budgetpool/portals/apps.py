from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "budgetpool.portals"
    label = "portals"
