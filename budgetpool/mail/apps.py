from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "budgetpool.mail"
    label = "mail"
