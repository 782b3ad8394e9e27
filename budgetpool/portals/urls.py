"""The addresses that all portals share, and the door of each portal."""

from django.conf import settings
from django.urls import include, path

from budgetpool.portals.account.views import choose_language
from budgetpool.portals.styleguide import views

urlpatterns = [
    path("language", choose_language, name="language"),
    path("", include("budgetpool.portals.public.urls")),
    path("board/", include("budgetpool.portals.board.urls")),
    path("treasurer/", include("budgetpool.portals.treasurer.urls")),
    path("requests/", include("budgetpool.portals.application.urls")),
    path("counter/", include("budgetpool.portals.adviser.urls")),
    path("", include("budgetpool.portals.employer.urls")),
    path("", include("budgetpool.portals.worker.urls")),
    path("", include("budgetpool.portals.account.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide", views.styleguide, name="styleguide"))
