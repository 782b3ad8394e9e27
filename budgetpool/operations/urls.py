"""Addresses for machines that watch this one."""

from django.urls import path

from budgetpool.operations import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
]
