"""Budgetpool as behind a web server that speaks HTTPS, which is played here: for the benchmarks.

gunicorn benchmarks.front:application
"""

from collections.abc import Iterable
from typing import Any

from budgetpool.wsgi import application as behind


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Say that the person came by HTTPS, as the front would."""
    environ |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}
    for name in ("HTTP_ORIGIN", "HTTP_REFERER"):
        if name in environ:
            environ[name] = environ[name].replace("http:", "https:", 1)
    return behind(environ, start_response)
