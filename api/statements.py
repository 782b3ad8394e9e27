"""Bank statements by program: the same way into the books as the page and the command have.

A program never accepts what does not add up, and never books what does not fit: that is for two
people at the desk.
"""

import base64
import binascii
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from allocation.payouts import arriving
from allocation.payouts.arriving import Arrived
from api import admissions
from api.callers import Caller
from api.models import Admission
from api.problems import Problem, at, invalid
from api.serializers.statements import BringingSerializer
from budgetpool.audit import trail
from budgetpool.bank import importing
from budgetpool.bank.importing import SourceFile, Stored
from budgetpool.bank.reasons import LEFT_OUT, why_held
from budgetpool.bank.statement import StatementRefused
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady

PLACE: Final = "content"


class FileRefused(Problem):
    """A file that is not taken, with the digest by which the trail names it."""

    def __init__(self, sha256: str, errors: list[dict[str, Any]]) -> None:
        told = invalid(errors)
        super().__init__(told.status_code, "invalid", str(told.detail), errors=errors)
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class Told:
    """One statement of a file and what became of it; the serializer shows it."""

    stored: Stored

    @property
    def state(self) -> str:
        if self.stored.left_out:
            return "not_booked"
        if self.stored.held:
            return "held"
        return "booked" if self.stored.row is not None else "known"

    @property
    def page(self) -> str | None:
        """Where people see its held file and decide about it."""
        held = self.stored.held
        if held is None:
            return None
        slug = held.fund.region.slug
        return f"{settings.SITE_URL}{reverse('treasurer-held-file', args=[slug, held.pk])}"

    @property
    def reason(self) -> dict[str, str] | None:
        held = self.stored.held
        if self.stored.left_out:
            code = self.stored.left_out
            return {"code": code, "detail": str(LEFT_OUT[code])}
        return {"code": held.code, "detail": why_held(held.code, held.params)} if held else None


def admitted(*, caller: Caller, fund: Fund, scope: str) -> Admission:
    """What lets a program at the statements of a fund, held until the transaction ends.

    Raises:
        Problem: 403 `not_admitted`: nobody let it in, or somebody withdrew that.
    """
    found = (
        admissions.working(fund=fund, client=caller.client, scope=scope) if caller.client else None
    )
    if found is None:
        raise Problem(
            403,
            "not_admitted",
            _("The fund did not let your program at its statements. Ask its treasurer."),
        )
    admissions.used(found)
    return found


def send(*, caller: Caller, fund: Fund, body: Any) -> Arrived:
    """Book what is new in a file, as far as it is the fund's and fits the statements before it.

    Raises:
        Problem: everything that is wrong with the body. FileRefused: with the file in it.
    """
    form = BringingSerializer(data=body)
    form.is_valid(raise_exception=True)
    source = read(form.validated_data)
    try:
        arrived = arriving.take(source=source, fund=fund, by=caller.partner.account)
    except NotReady as refused:
        raise FileRefused(source.sha256, [at(PLACE, refused.code, str(refused))]) from None
    stored = arrived.report.stored
    if all(found.left_out for found in stored):
        raise FileRefused(
            source.sha256,
            [at(PLACE, found.left_out, str(LEFT_OUT[found.left_out])) for found in stored],
        )
    return arrived


def read(values: dict[str, Any]) -> SourceFile:
    """The file of a body.

    Raises:
        Problem: it is no Base64. FileRefused: it is no statement that can be trusted.
    """
    try:
        content = base64.b64decode(values["content"], validate=True)
    except (binascii.Error, ValueError):
        raise invalid([at(PLACE, "not_base64", _("This is no Base64."))]) from None
    try:
        return importing.read_stream(BytesIO(content), name=values["name"])
    except StatementRefused as refused:
        raise FileRefused(
            importing.digest(content), [at(PLACE, "not_a_statement", str(refused))]
        ) from None


def record_refused(*, caller: Caller, fund: Fund, refused: FileRefused) -> None:
    """Keep in the trail that a program sent what was not taken: one of it may be a forgery."""
    trail.record(
        actor=caller.partner.account,
        action="statement.refused",
        subject=fund,
        region_code=fund.region.code,
        file=refused.sha256,
        codes=sorted({one["code"] for one in refused.errors}),
        **caller.in_trail,
    )
