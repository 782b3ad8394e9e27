"""`manage.py import_statement FILE…`: bank statements in, deposits booked, our payments found."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress, TaskID

from allocation.management import statement_tables as tables
from allocation.payouts import arriving
from allocation.payouts.arriving import Arrived
from budgetpool.bank import acceptance, importing
from budgetpool.bank.document import document
from budgetpool.bank.importing import SourceFile
from budgetpool.bank.statement import StatementRefused
from budgetpool.fund.models import Fund
from budgetpool.refusals import Refusal
from budgetpool.users.models import User

NOT_TRUSTED = 2
WAITS_FOR_SECOND_PERSON = 3


class Command(BaseCommand):
    help = (
        "Import bank statements (CAMT.053 or MT940) and book their entries. "
        "A file is booked whole or not at all; no entry is ever booked twice."
    )
    # --dry-run works on a machine without a database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--fund", metavar="CODE", help="region code or short name of the fund")
        parser.add_argument("--dry-run", action="store_true", help="read and show, store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--accept-unproven",
            metavar="REASON",
            help="accept a statement whose balances do not fit; needs two persons, one after "
            "the other, each with --by",
        )
        parser.add_argument("--by", metavar="EMAIL", help="who imports")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = [self._read(path) for path in options["files"]]
        out: Any = self.stderr if options["json"] else self.stdout
        console = Console(file=out, markup=False, highlight=False)
        if options["dry_run"]:
            if not options["json"]:
                tables.show_statements(console, sources)
        else:
            self._import(sources, console, options)
        for source in sources:
            for statement in source.statements:
                if statement.control_error is not None:
                    self.stderr.write(f"{source.name}: {statement.control_error!s}")
        if options["json"]:
            statements = [found for source in sources for found in source.statements]
            self.stdout.write(json.dumps(document(statements), indent=1))

    def _read(self, path: Path) -> SourceFile:
        try:
            return importing.read_source(path)
        except StatementRefused as refused:
            raise CommandError(f"{path}: {refused!s}", returncode=NOT_TRUSTED) from refused

    def _import(self, sources: list[SourceFile], console: Console, options: dict[str, Any]) -> None:
        fund = _fund(options["fund"])
        by = _person(options["by"])
        reason = options["accept_unproven"]
        is_asked = reason is not None and self._accept(sources, fund, reason, by)
        files: list[Arrived] = []
        try:
            with _progress() as on_progress, transaction.atomic():
                for source in sources:
                    files.append(
                        arriving.take(source=source, fund=fund, by=by, on_progress=on_progress)
                    )
        except Refusal as error:
            raise CommandError(f"{source.name}: {error}", returncode=NOT_TRUSTED) from error
        waits = _still_waits(files)
        tables.show_arrived(console, files)
        if is_asked and waits:
            raise CommandError(
                _(
                    "Your reason is kept, and the file. Nothing of it is booked yet: a second "
                    "person must confirm it, on its page or by the same command with their own "
                    "--by."
                ),
                returncode=WAITS_FOR_SECOND_PERSON,
            )
        if waits:
            raise CommandError(
                _(
                    "A file does not fit the statements before it. It is kept and not booked, "
                    "until it fits or two people decide about it."
                ),
                returncode=WAITS_FOR_SECOND_PERSON,
            )

    def _accept(
        self, sources: list[SourceFile], fund: Fund | None, reason: str, by: User | None
    ) -> bool:
        """Ask to accept the files, or confirm it; True where a second person has to do so yet."""
        if by is None:
            raise CommandError(_("--accept-unproven needs --by EMAIL: who accepts it?"))
        waiting = False
        for source in sources:
            owners = {
                stored.fund.pk: stored.fund
                for stored in importing.sort_out(source, fund=fund)
                if stored.fund is not None
            }
            try:
                for owner in owners.values():
                    accepted = acceptance.accept(source=source, fund=owner, reason=reason, by=by)
                    waiting = waiting or accepted.confirmed_by_id is None
            except Refusal as error:
                raise CommandError(f"{source.name}: {error}", returncode=NOT_TRUSTED) from error
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        return waiting


def _still_waits(files: list[Arrived]) -> bool:
    """Whether a file is held; one that waited for a later one of these is booked with it."""
    held = [one for arrived in files for one in arrived.report.held]
    for one in held:
        one.refresh_from_db(fields=["settled_at", "code", "params"])
    return any(one.settled_at is None for one in held)


def _fund(code: str | None) -> Fund | None:
    if code is None:
        return None
    funds = Fund.objects.select_related("region")
    found = funds.filter(region__code=code).first() or funds.filter(region__slug=code).first()
    if found is None:
        known = ", ".join(sorted(fund.region.slug for fund in funds)) or "-"
        raise CommandError(
            _("There is no fund %(code)s. Known: %(known)s.") % {"code": code, "known": known}
        )
    return found


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise CommandError(_("There is no account %(email)s.") % {"email": email})
    return found


@contextmanager
def _progress() -> Iterator[importing.Progress]:
    """A bar per stage on the terminal; nothing where the output goes to a file."""
    labels = {
        "store": _("Keeping entries"),
        "book": _("Recognising and booking"),
    }
    bars: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as progress:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(labels[stage], total=total)
            progress.update(bars[stage], completed=done, total=total)

        yield show
