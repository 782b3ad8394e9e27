"""Every address of Budgetpool, one line per door."""

from django.contrib import admin
from django.urls import include, path

handler500 = "budgetpool.operations.outage.page"
urlpatterns = [
    # Programs call by the hundred: their door is looked at first.
    path("v1/", include("api.urls")),
    path("", include("budgetpool.portals.urls")),
    path("", include("budgetpool.operations.urls")),
    path("", include("budgetpool.demo.urls")),
    path("back-office/", admin.site.urls),
]
