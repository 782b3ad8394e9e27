import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # read every view now: else the first person of a process waits for it
