from typing import Any

from django.core.management.base import BaseCommand

from api import description


class Command(BaseCommand):
    help = "Write docs/openapi.json, the description of the interface for programs, anew."

    def handle(self, *args: Any, **options: Any) -> None:
        description.COPY.write_text(description.copied(), encoding="utf-8")
        self.stdout.write(f"Written: {description.COPY}")
