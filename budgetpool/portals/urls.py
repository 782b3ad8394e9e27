"""The addresses that all portals share, and the door of each portal."""

from django.conf import settings
from django.urls import include, path, re_path

from budgetpool.fund.models import Seat
from budgetpool.portals.account.views import choose_language, portal
from budgetpool.portals.styleguide import views

urlpatterns = [
    path("language", choose_language, name="language"),
    path("", include("budgetpool.portals.public.urls")),
    # Without a region each desk leads to one's own, with and without the slash.
    re_path("^board/?$", portal, {"role": Seat.Role.BOARD}, name="board-start"),
    re_path("^treasurer/?$", portal, {"role": Seat.Role.TREASURER}, name="treasurer-start"),
    re_path("^counter/?$", portal, {"role": Seat.Role.ADVISER}, name="counter-start"),
    re_path("^adviser/?$", portal, {"role": Seat.Role.ADVISER}, name="adviser-start"),
    path("board/", include("budgetpool.portals.board.urls")),
    path("treasurer/", include("budgetpool.portals.treasurer.urls")),
    path("requests/", include("budgetpool.portals.application.urls")),
    path("counter/", include("budgetpool.portals.adviser.urls")),
    path("", include("budgetpool.portals.employer.urls")),
    path("", include("budgetpool.portals.school.urls")),
    path("", include("budgetpool.portals.partner.urls")),
    path("", include("budgetpool.portals.worker.urls")),
    path("", include("budgetpool.portals.account.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide", views.styleguide, name="styleguide"))
