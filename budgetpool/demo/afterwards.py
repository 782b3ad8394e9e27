"""What happens after the first round is published: people say yes, schools are paid, some of it
goes wrong, and the employer's portal has something to show.

Everything takes the road of real work, by the people of the cast. Only the waits are shortened:
bank accounts of schools were entered some days ago.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Final

from django.utils import timezone
from schwifty import IBAN

from allocation.decisions import awards, objections
from allocation.models import Award, Decision, Payout, Round
from allocation.payouts import (
    arriving,
    batches,
    course,
    ending,
    invoices,
    planning,
    reporting,
)
from budgetpool.bank import importing
from budgetpool.demo import answer, cast, learning, money, places, school_accounts, statement
from budgetpool.fund.models import Fund
from budgetpool.money import from_cents
from budgetpool.register.models import Edition
from budgetpool.users.models import User
from employers import demand, mirror, outreach
from employers.deposits import charges
from employers.models import Employer
from employers.models.pledge import Kind, Schedule
from employers.pledges import earmarking, promising
from workers.models import Choice

SAY_YES: Final = 60
PAID: Final = 24
COMPLETED: Final = 14
WANTED: Final = (
    ("orderpicker", "heftruckcertificaat", "more", 40, "H"),
    ("helpende zorg", "praktijkverklaring helpende", "more", 25, "Q"),
    ("productiemedewerker", "VCA basis", "changing", 15, "C"),
)
MIRROR: Final = {
    "weten": "yes",
    "willen": "partly",
    "durven": "partly",
    "kunnen": "no",
    "mogen": "yes",
}


@dataclass(frozen=True)
class Desk:
    """Who works at the desk, and for which fund."""

    fund: Fund
    treasurer: User
    second: User


def tell(round: Round, fund: Fund) -> None:
    """Everything after publication, once."""
    desk = Desk(fund, cast.account(cast.TREASURER), cast.account(cast.SECOND))
    accepted = _say_yes(round)
    paid = _pay(desk, accepted)
    _finish(desk, paid)
    if paid:
        provider = course.of(paid[0]).training.provider
        school_accounts.change(fund=fund, provider=provider, treasurer=desk.treasurer)
    _object(round)
    _employer(fund, cast.account(cast.BOARD))
    places.add(fund)


def _say_yes(round: Round) -> list[Award]:
    """The first one stays open, for the login that shows what an award asks of somebody."""
    granted = Award.objects.filter(round=round, status=Award.Status.GRANTED).order_by("pk")
    adviser = cast.account(cast.ADVISER)
    return [
        awards.take(award=award, step="accept", actor=adviser) for award in granted[1 : SAY_YES + 1]
    ]


def _pay(desk: Desk, accepted: list[Award]) -> list[Award]:
    """Invoices and the first 80%, confirmed by a statement; one payment comes back."""
    accepted = _begin_today(accepted)
    last_start = timezone.localdate() + timedelta(days=planning.ADVANCE_DAYS_BEFORE_START)
    planned: list[tuple[Award, Payout]] = []
    for award in accepted:
        now = course.of(award)
        if now.starts_on is None or now.starts_on > last_start or len(planned) == PAID:
            continue
        provider = now.training.provider
        school_accounts.in_use(
            fund=desk.fund, provider=provider, treasurer=desk.treasurer, second=desk.second
        )
        cents = min(
            now.provider_cents,
            course.register_price_cents(now.training, course.price_day(award)),
        )
        invoice = invoices.enter(
            award=award,
            number=f"2027-{award.pk}",
            dated_on=timezone.localdate() - timedelta(days=1),
            amount=from_cents(cents),
            vat=from_cents(invoices.expected_vat_cents(provider, cents)),
            actor=desk.treasurer,
        )
        planned.append((award, planning.advance(invoice=invoice, actor=desk.treasurer)))
    if not planned:
        return []
    batch = batches.prepare(fund=desk.fund, execution_on=timezone.localdate(), actor=desk.treasurer)
    batches.approve(batch=batch, sha256=batch.xml_sha256, actor=desk.second)
    _bank(desk, [payout for _award, payout in planned])
    return [award for award, _payout in planned]


def _begin_today(accepted: list[Award]) -> list[Award]:
    """Groups that said yes begin today, so that their schools can be paid.

    Only who answered moves to a start of today; everybody else's training begins after the last
    day on which they can say yes.
    """
    chosen = Counter(award.choice.edition_id for award in accepted if award.choice.edition_id)
    begun: list[int] = []
    for key, _count in chosen.most_common():
        if sum(chosen[one] for one in begun) >= PAID:
            break
        begun.append(key)
    keys = [award.pk for award in accepted if award.choice.edition_id in begun]
    chose = [award.choice_id for award in accepted if award.choice.edition_id in begun]
    for edition in Edition.objects.filter(pk__in=begun):
        moved = Choice.objects.filter(pk__in=chose, edition=edition)
        today = timezone.localdate()
        group = Edition.objects.create(
            training=edition.training,
            starts_on=today,
            ends_on=edition.ends_on and today + (edition.ends_on - edition.starts_on),
            place=edition.place,
            is_evening=edition.is_evening,
            seats=moved.count(),
        )
        moved.update(edition=group)
    return list(
        Award.objects.filter(pk__in=keys)
        .select_related("choice__training__provider", "choice__edition")
        .order_by("pk")
    )


def _bank(desk: Desk, payouts: list[Payout]) -> None:
    """A statement that shows the payments, one that came back, costs, interest and a stranger."""
    today = timezone.localdate()
    # The last one is still at the bank, and the one before it is refused there.
    shown, refused = payouts[:-2], payouts[-2]
    lines = [
        statement.Payment(
            name=payout.payee.holder_name,
            iban=payout.payee.iban,
            amount_cents=-payout.amount_cents,
            reference=payout.description,
            paid_on=today,
            structured=False,
            end_to_end_id=payout.end_to_end_id,
        )
        for payout in shown
    ]
    lines += [
        _line("Demobank", -1_895, "Kosten zakelijke rekening", today),
        _line("Demobank", 4_210, "Rente", today),
        _line("Stichting Onbekend", 75_000, "gift voor scholing", today),
        _line("Uitzendbureau De Brug", 12_500, "bijdrage, zie brief", today),
    ]
    file = statement.camt053(
        iban=money.MAIN_IBAN,
        holder=money.FUND_NAME,
        payments=lines,
        day=today,
        opening_cents=desk.fund.bank_statements.latest("pk").closing_cents or 0,
    )
    source = importing.read_stream(BytesIO(file), name="demo-payouts.xml")
    arriving.take(source=source, fund=desk.fund, by=desk.treasurer)
    batch = Payout.objects.select_related("batch").get(pk=refused.pk).batch
    assert batch is not None
    reporting.take(
        content=answer.pain002(batch, {refused.end_to_end_id: "AC04"}),
        name="demo-answer.xml",
        fund=desk.fund,
        actor=desk.treasurer,
    )
    costs = desk.fund.bank_entries.get(remittance="Kosten zakelijke rekening")
    charges.ask(entry=costs, reason="Kosten van de rekening, november", by=desk.treasurer)


def _line(name: str, cents: int, text: str, day: date) -> statement.Payment:
    return statement.Payment(
        name=name,
        iban=str(IBAN.generate("NL", bank_code="TRIO", account_code="0250904199")),
        amount_cents=cents,
        reference=text,
        paid_on=day,
        structured=False,
    )


def _finish(desk: Desk, paid: list[Award]) -> None:
    """Some are ready already, one did not come and one training was cancelled."""
    advanced = list(
        Award.objects.filter(
            pk__in=[award.pk for award in paid], status=Award.Status.ADVANCED
        ).order_by("pk")
    )
    for award in advanced[:COMPLETED]:
        ending.report(
            award=award, step="complete", reason="Certificaat gezien", actor=desk.treasurer
        )
    for award in advanced[: COMPLETED // 2]:
        cents = ending.paid_cents(award)
        ending.determine(
            award=award, amount=from_cents(cents), reason="Afgerond", actor=desk.treasurer
        )
    if len(advanced) > COMPLETED:
        gone = advanced[COMPLETED]
        ending.report(award=gone, step="no_show", reason="Niet verschenen", actor=desk.treasurer)
        ending.determine(
            award=gone, amount=from_cents(0), reason="Niet begonnen", actor=desk.treasurer
        )
    learning.tell(advanced[COMPLETED + 1 :])


def _object(round: Round) -> None:
    """The refused worker who can sign in does not agree."""
    decision = Decision.objects.filter(
        round=round, awarded=False, request__worker__user__isnull=False
    ).first()
    if decision is not None and decision.request.worker.user is not None:
        objections.file(
            decision=decision,
            actor=decision.request.worker.user,
            cause="facts",
            grounds="Ik had de laatste twee jaar geen scholing. In mijn aanvraag staat het anders.",
        )


def _employer(fund: Fund, chair: User) -> None:
    """An earmark of the board, and what the demo's employer tells, asks and hangs up."""
    transport = earmarking.set_up(
        fund=fund,
        name="Vervoer en opslag",
        column="training_sector",
        equals="H",
        limit_cents=40_000_00,
        by=chair,
    )
    manager = cast.account(cast.EMPLOYER)
    employer = Employer.objects.get(members__user=manager)
    promising.promise(
        employer=employer,
        fund=fund,
        by=manager,
        kind=Kind.PAYROLL,
        basis_points=20,
        payroll_cents=6_000_000_00,
        schedule=Schedule.QUARTERLY,
        starts_on=timezone.localdate() + timedelta(days=40),
        earmark=transport,
    )
    for occupation, skill, direction, people, sector in WANTED:
        demand.tell(
            employer=employer,
            fund=fund,
            by=manager,
            occupation=occupation,
            skill=skill,
            direction=direction,
            people_count=people,
            from_year=timezone.localdate().year + 1,
            sector=sector,
        )
    mirror.answer(employer=employer, by=manager, **MIRROR)
    for channel, visits in (("Poster in de kantine", 37), ("Sms in november", 112)):
        code = outreach.make_code(employer=employer, fund=fund, channel=channel, by=manager)
        code.visits_count = visits
        code.save()
