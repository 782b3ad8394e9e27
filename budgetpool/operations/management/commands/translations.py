from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetpool.operations import catalogues


class Command(BaseCommand):
    help = (
        "Bring the catalogues in budgetpool/locale up to date with the source, say which texts "
        "lack a translation, and compile."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--compile", action="store_true", help="compile only; needs nothing but Python"
        )

    def handle(self, *, compile: bool, **options: Any) -> None:
        lacking = []
        for language in catalogues.SCOPES:
            if compile:
                catalogues.compile_(language)
                continue
            try:
                lacking += [f"{language}: {text}" for text in catalogues.update(language)]
            except catalogues.NoGettext as error:
                raise CommandError(str(error)) from error
        self.stdout.write("\n".join([*lacking, "Compiled."]))
        if any(text.partition(":")[0] not in catalogues.BY_MACHINE for text in lacking):
            raise CommandError("Write these translations in budgetpool/locale, then run it again.")
