from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """Django's admin, with our own site behind its address."""

    default_site = "budgetpool.portals.back_office.site.BackOffice"
