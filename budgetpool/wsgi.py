import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")

application = get_wsgi_application()
# Read every view now: else the first person of each process waits for it.
assert get_resolver().url_patterns
