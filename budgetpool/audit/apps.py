from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "budgetpool.audit"
    label = "audit"
