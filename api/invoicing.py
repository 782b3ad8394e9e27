"""An invoice by program: its facts as JSON, or an e-invoice that holds them."""

import base64
import binascii
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from allocation.models import Award, Invoice
from allocation.payouts import invoices, ubl
from api import schools
from api.callers import Caller
from api.problems import Problem, at, invalid
from api.serializers.invoices import SendingSerializer
from budgetpool.money import from_cents
from budgetpool.refusals import NotReady
from budgetpool.register.models import Provider

NO_NUMBERS: Final[tuple[int, ...]] = ()
# What the body is to blame for, by the code of the refusal: the place in it.
PLACES: Final = {
    "above_register_price": "amountCents",
    "above_award": "amountCents",
    "vat_wrong": "vatCents",
}


def send(*, caller: Caller, body: Any) -> Invoice:
    """Send the invoice of a body for one award of the caller's school.

    Raises:
        Problem: everything that is wrong with the body; 409 `number_used`, `wrong_step`.
    """
    form = SendingSerializer(data=body)
    form.is_valid(raise_exception=True)
    values = dict(form.validated_data)
    school = schools.of(caller)
    facts, named = values, NO_NUMBERS
    if "file" in values:
        facts, named = _read(values["file"], school)
    award = _award(caller, school, values.get("request"), named)
    if Invoice.objects.filter(
        award=award, provider=school, number=facts["number"].strip(), withdrawn_at=None
    ).exists():
        raise Problem(409, "number_used", _("You sent this invoice for this award before."))
    try:
        return invoices.send(
            award=award,
            number=facts["number"],
            dated_on=facts["dated_on"],
            amount=from_cents(facts["amount_cents"]),
            vat=from_cents(facts["vat_cents"]),
            actor=caller.partner.account,
            school=school,
        )
    except NotReady as refused:
        if refused.code not in PLACES:
            raise
        place = "eInvoice" if "file" in values else PLACES[refused.code]
        raise invalid([at(place, refused.code, str(refused))]) from None
    except ValidationError:
        raise Problem(409, "conflict") from None


def _read(file: str, school: Provider) -> tuple[dict[str, Any], tuple[int, ...]]:
    try:
        read = ubl.read(base64.b64decode(file, validate=True), provider=school)
    except (binascii.Error, ValueError):
        raise invalid([at("eInvoice", "not_base64", _("This is no Base64."))]) from None
    except NotReady as refused:
        raise invalid([at("eInvoice", refused.code, str(refused))]) from None
    facts = {
        "number": read.number,
        "dated_on": read.dated_on,
        "amount_cents": read.amount_cents,
        "vat_cents": read.vat_cents,
    }
    return facts, read.request_numbers


def _award(caller: Caller, school: Provider, key: int | None, named: tuple[int, ...]) -> Award:
    """The award that is meant: by `requestId`, or the only one that the e-invoice names."""
    wanted = named if key is None else (key,)
    found = list(schools.awards(caller, school).filter(request__in=wanted)[:2])
    if len(found) == 1:
        award: Award = found[0]
        return award
    if key is not None:
        message = _("Nobody with an award of this request has a place at your school.")
        raise invalid([at("requestId", "does_not_exist", message)])
    message = _("The e-invoice names no one request of your school. Say which one it is for.")
    raise invalid([at("requestId", "required", message)])
