"""The API alone, as its description shows it."""

from django.urls import include, path

urlpatterns = [path("v1/", include("api.urls"))]
