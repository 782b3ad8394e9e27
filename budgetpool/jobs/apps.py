from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "budgetpool.jobs"
    label = "jobs"
