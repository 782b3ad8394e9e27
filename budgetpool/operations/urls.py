"""Addresses for machines that watch this one."""

from django.urls import path

from budgetpool.operations import health, metrics

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.view, name="metrics"),
]
