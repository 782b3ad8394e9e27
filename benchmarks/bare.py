"""The yardstick of `load.py`: a bare Django page, one template and no database.

gunicorn benchmarks.bare:application
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = (
    "<!doctype html><html lang='en'><head><title>{{ title }}</title></head>"
    "<body><h1>{{ title }}</h1><p>{{ words }}</p></body></html>"
)


def page(request: HttpRequest) -> HttpResponse:
    """One page of a few words."""
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"title": "A page", "words": "of a few words"}, request))


urlpatterns = [path("", page)]
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="only-for-the-yardstick",
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
application = get_wsgi_application()
