"""A provider's invoice against an award: never above the register's price or the award."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from djmoney.money import Money

from allocation import lives
from allocation.decisions import places
from allocation.models import Award, Invoice, Payout
from allocation.payouts import course
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.money import to_cents
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register.models import Provider
from budgetpool.users.models import User

VAT_PERCENT = 21
COMING = (Payout.Status.PLANNED, Payout.Status.BATCHED)
LIVE = (*COMING, Payout.Status.PAID)


def enter(
    *, award: Award, number: str, dated_on: date, amount: Money, vat: Money, actor: User
) -> Invoice:
    """Write down what the provider asks for one award.

    Args:
        amount: what is to be paid, VAT included.
        vat: of which VAT; zero for a provider that is exempt (in the CRKBO register, or by law).

    Raises:
        NotAllowed: no treasurer of the fund.
        WrongStep: the award is not accepted, or has ended.
        NotReady: `above_register_price` or `above_award` with `most_cents`; `vat_wrong` with
            `expected_cents`; `no_training`.
        ValidationError: the number was used before, or is too long.

    Source: Uitvoeringsbesluit omzetbelasting 1968, article 8 (exempt vocational training).
    EUR 1,210.00 with 21% VAT holds EUR 210.00 of it.
    """
    payer_access.require_treasurer(actor, payer_access.fund_of(award))
    return _enter(award, number, dated_on, amount, vat, actor)


def send(
    *,
    award: Award,
    number: str,
    dated_on: date,
    amount: Money,
    vat: Money,
    actor: User,
    school: Provider | None = None,
) -> Invoice:
    """The school itself sends its invoice; the treasurer plans what is paid of it, and when.

    Args:
        school: as `places.require`.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep, NotReady, ValidationError: as `enter`.
    """
    places.require(award, actor, school=school)
    return _enter(award, number, dated_on, amount, vat, actor)


def of_provider(provider: Provider) -> QuerySet[Invoice]:
    """A school's own invoices with their payments, the latest first."""
    return (
        Invoice.objects.filter(provider=provider)
        .select_related("award__request", "award__choice__training")
        .prefetch_related("payouts")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an invoice is.

    Attributes:
        state: `received` (the treasurer looks at it), `planned`, `partly_paid`, `paid`,
            `withdrawn`.
        paid_on: the day of the last payment.
    """

    state: str
    paid_cents: int
    paid_on: date | None


def standing(invoice: Invoice) -> Standing:
    """How far an invoice is; a payment that the bank sent back counts as none."""
    payouts = list(invoice.payouts.all())
    paid = [one for one in payouts if one.status == Payout.Status.PAID]
    cents = sum(one.amount_cents for one in paid)
    last = max((one.paid_on for one in paid if one.paid_on), default=None)
    if invoice.withdrawn_at is not None:
        state = "withdrawn"
    elif any(one.status in COMING for one in payouts):
        state = "planned"
    elif not paid:
        state = "received"
    else:
        state = "paid" if cents >= invoice.amount_cents else "partly_paid"
    return Standing(state, cents, last)


def sums_of(provider: Provider, *, year: int) -> tuple[int, int]:
    """What the bank paid a school in a year, and what its invoices still wait for, in cents."""
    live = Invoice.objects.filter(provider=provider, withdrawn_at__isnull=True)
    paid = Payout.objects.filter(invoice__provider=provider, status=Payout.Status.PAID)
    running = live.filter(award__status__in=lives.AWARD.before("invoice"))
    asked = running.aggregate(sum=Sum("amount_cents"))["sum"] or 0
    got = paid.filter(invoice__in=running).aggregate(sum=Sum("amount_cents"))["sum"] or 0
    in_year = paid.filter(paid_on__year=year).aggregate(sum=Sum("amount_cents"))["sum"] or 0
    return in_year, asked - got


def _enter(
    award: Award, number: str, dated_on: date, amount: Money, vat: Money, actor: User
) -> Invoice:
    fund, cents = payer_access.fund_of(award), to_cents(amount)
    with transaction.atomic():
        fresh = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
        lives.AWARD.check("invoice", fresh.status)
        now = course.of(fresh)
        _check_vat(now.training.provider, cents, to_cents(vat))
        _check_amount(fresh, now, cents)
        invoice = Invoice(
            award=fresh,
            provider=now.training.provider,
            number=number.strip(),
            dated_on=dated_on,
            amount_cents=cents,
            vat_cents=to_cents(vat),
            vat_status=now.training.provider.vat_status,
            entered_by=actor,
        )
        invoice.full_clean()
        invoice.save()
        trail.record(
            actor=actor,
            action="invoice.entered",
            subject=invoice,
            region_code=fund.region.code,
            award=fresh.pk,
            amount_cents=cents,
        )
    return invoice


def withdraw(*, invoice: Invoice, reason: str, actor: User) -> Invoice:
    """Take back an invoice of which nothing was paid or is on its way.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `has_payouts`, or `reason_missing`.
    """
    payer_access.require_treasurer(actor, payer_access.fund_of(invoice.award))
    return _withdraw(invoice, reason, actor)


def take_back(*, invoice: Invoice, reason: str, actor: User, school: Provider) -> Invoice:
    """The school itself takes its invoice back, by its program.

    Raises:
        NotAllowed: `not_your_school`.
        NotReady: as `withdraw`.
    """
    if invoice.provider_id != school.pk:
        raise NotAllowed("not_your_school", award=invoice.award_id)
    return _withdraw(invoice, reason, actor)


def _withdraw(invoice: Invoice, reason: str, actor: User) -> Invoice:
    if not reason.strip():
        raise NotReady("reason_missing", invoice=invoice.pk)
    with transaction.atomic():
        Award.objects.select_for_update(of=("self",)).get(pk=invoice.award_id)
        fresh = Invoice.objects.get(pk=invoice.pk)
        if fresh.payouts.filter(status__in=LIVE).exists():
            raise NotReady("has_payouts", invoice=invoice.pk)
        if fresh.withdrawn_at is None:
            fresh.withdrawn_at, fresh.withdrawn_reason = timezone.now(), reason
            fresh.full_clean()
            fresh.save()
            trail.record(
                actor=actor,
                action="invoice.withdrawn",
                subject=fresh,
                region_code=payer_access.fund_of(fresh.award).region.code,
            )
    return fresh


def expected_vat_cents(provider: Provider, amount_cents: int) -> int:
    """The VAT within an amount, rounded to the nearest cent; none for an exempt provider."""
    if provider.vat_status != Provider.VatStatus.STANDARD:
        return 0
    gross = 100 + VAT_PERCENT
    return (2 * amount_cents * VAT_PERCENT + gross) // (2 * gross)


def _check_vat(provider: Provider, amount_cents: int, vat_cents: int) -> None:
    expected = expected_vat_cents(provider, amount_cents)
    # A provider may round per line of its invoice: one cent is no mistake.
    tolerated = 1 if expected else 0
    if abs(vat_cents - expected) > tolerated:
        raise NotReady("vat_wrong", expected_cents=expected, vat_status=provider.vat_status)


def _check_amount(award: Award, now: course.Course, cents: int) -> None:
    price = course.register_price_cents(now.training, course.price_day(award))
    earlier = _invoiced(award, now.training.provider)
    if earlier + cents > price:
        raise NotReady("above_register_price", most_cents=max(price - earlier, 0))
    spent = earlier + cents + paid_to_earlier_providers(award, now.training.provider)
    if spent > now.provider_cents:
        raise NotReady("above_award", most_cents=max(now.provider_cents - spent + cents, 0))


def _invoiced(award: Award, provider: Provider) -> int:
    own = award.invoices.filter(withdrawn_at__isnull=True, provider=provider)
    return own.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def paid_to_earlier_providers(award: Award, present: Provider) -> int:
    """What providers that dropped out got and have not been asked to pay back, in cents."""
    paid = Payout.objects.filter(award=award, status=Payout.Status.PAID, invoice__isnull=False)
    got = paid.exclude(invoice__provider=present).aggregate(sum=Sum("amount_cents"))["sum"] or 0
    asked = award.recoveries.filter(from_provider__isnull=False).exclude(from_provider=present)
    return got - min(got, asked.aggregate(sum=Sum("amount_cents"))["sum"] or 0)
