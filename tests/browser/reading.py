"""Pages that are looked at, of which nothing has to be kept when a transaction ends."""

import pytest
from django.db import connection

# On SQLite the server's threads use the tests' connection, so what tests share is there for them
# too. On PostgreSQL each thread has its own, and sees only what is written for good.
ONLY_LOOKING = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
