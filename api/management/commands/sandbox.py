from typing import Any

from django.core.management.base import BaseCommand, CommandError

from api.sandbox import world
from budgetpool.refusals import Refusal


class Command(BaseCommand):
    help = "Build the sandbox of an installation with SANDBOX=1, and show what opens it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = world.build()
        except Refusal as refused:
            raise CommandError(
                f"{refused} Give the sandbox a database of its own and set SANDBOX=1.",
                returncode=2,
            ) from refused
        self.stderr.write("Its client_id, its client_secret, and a token that works for a year:")
        self.stdout.write(f"{made.client_id}\n{made.client_secret}\n{made.token}")
