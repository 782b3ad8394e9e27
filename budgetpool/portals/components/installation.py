"""What every template knows of the installation that shows it."""

from django.conf import settings
from django.http import HttpRequest


def named(request: HttpRequest) -> dict[str, bool]:
    """Whether this is a demonstration, so that each page can say that its data are made up."""
    return {"is_demo": settings.DEMO}
