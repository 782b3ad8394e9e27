"""The OpenAPI description: for the address that serves it, and for the copy beside the docs."""

import json
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from api import schema  # noqa: F401 (it tells the generator how our tokens look)

COPY: Final = Path(settings.BASE_DIR) / "docs" / "openapi.json"


def generate() -> dict[str, Any]:
    """The description as this installation serves it."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator(urlconf="api.urls_v1").get_schema(  # type: ignore[no-untyped-call]
            request=None, public=True
        )
    return made


def copied() -> str:
    """The same without what differs between installations, for people who compare versions."""
    made = generate()
    del made["servers"], made["info"]["contact"]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"
