"""What a school's own program is told: of its invoices, and of the people who let it know."""

from collections.abc import Iterable
from typing import Any

from allocation.decisions import places
from allocation.models import Award, Invoice, Payout
from allocation.rules import courses
from api.models import Partner
from api.webhooks import news
from api.webhooks.news import News
from budgetpool.audit.models import AuditEvent
from budgetpool.register.models import Provider

type _Lines = list[tuple[AuditEvent, str]]


def told(lines: _Lines) -> list[News]:
    """The events that lines of the trail make for schools, each with its kind."""
    return _of_invoices(lines) + _of_people(lines)


def _of_invoices(lines: _Lines) -> list[News]:
    payouts = dict(
        Payout.objects.filter(pk__in=_keys(lines, "allocation.payout"), invoice__isnull=False)
        .values_list("pk", "invoice")
        .order_by()
    )
    keys = {*_keys(lines, "allocation.invoice"), *payouts.values()}
    found = Invoice.objects.select_related("provider", "award__round__fund__region").in_bulk(keys)
    made: list[News] = []
    for line, kind in lines:
        key = int(line.subject_id)
        invoice = found.get(payouts.get(key, 0) if line.subject_type.endswith("payout") else key)
        if kind == "invoice.changed" and invoice is not None:
            subject = f"invoice:{invoice.pk}"
            made += _each(invoice.provider, invoice.award, line, kind, subject, invoice.number)
    return made


def _of_people(lines: _Lines) -> list[News]:
    """Only of those whom the school may see at that moment."""
    keys = _keys(lines, "allocation.award")
    awards = Award.objects.filter(pk__in=keys).select_related(
        "choice__training__provider", "round__fund__region"
    )
    found = {award.pk: award for award in awards}
    made: list[News] = []
    for line, kind in lines:
        award = found.get(int(line.subject_id)) if kind == "school_award.changed" else None
        if award is None or (training := courses.of(award)[0]) is None:
            continue
        school = training.provider
        if places.people(school).filter(pk=award.pk).exists():
            subject = f"school_award:{award.request_id}"
            made += _each(school, award, line, kind, subject, "")
    return made


def _keys(lines: _Lines, subject_type: str) -> list[int]:
    return [int(line.subject_id) for line, _kind in lines if line.subject_type == subject_type]


def _each(
    school: Provider, award: Any, line: AuditEvent, kind: str, subject: str, reference: str
) -> Iterable[News]:
    """One for each partner that is this school and works in the region of the award."""
    region = award.round.fund.region
    partners: Iterable[Partner] = news.listeners().filter(
        kvk=school.kvk, regions=region, is_sandbox=region.is_sandbox
    )
    change = line.action.partition(".")[2]
    change = f"payment_{change}" if line.subject_type == "allocation.payout" else change
    return [News(partner, kind, change, subject, reference) for partner in partners]
