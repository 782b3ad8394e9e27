"""From an accepted award to a paid one, as a treasurer does it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from allocation.models import Award, PaymentBatch, Payout
from allocation.payouts import batches, confirming, ending, invoices, payees, planning, reporting
from budgetpool.audit.models import AuditEvent
from budgetpool.demo import answer
from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Seat
from budgetpool.money import from_cents
from budgetpool.register.models import Provider
from tests.allocation.people import euros
from tests.cast import make_teacher, seat, signed_in
from tests.payouts.conftest import SCHOOL_IBAN, WORKER_IBAN, seen, statement
from tests.refusing import refuses
from tests.sharing import shared
from workers.models import Choice, CostLine

pytestmark = pytest.mark.django_db
TODAY = date(2027, 2, 20)


def enter(award, treasurer, amount="600.00", vat="0.00", number="2027-31"):
    return invoices.enter(
        award=award,
        number=number,
        dated_on=timezone.localdate(),
        amount=euros(amount),
        vat=euros(vat),
        actor=treasurer,
    )


def send(fund, treasurer, second_treasurer):
    """Everything that is planned goes to the bank."""
    batch = batches.prepare(fund=fund, execution_on=timezone.localdate(), actor=treasurer)
    return batches.approve(batch=batch, sha256=batch.xml_sha256, actor=second_treasurer)


def books_are_right():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


@shared
def invoice(award, school, treasurer):
    return enter(award, treasurer)


@shared
def sent(invoice, opened, treasurer, second_treasurer):
    """The first part is at the bank."""
    planning.advance(invoice=invoice, actor=treasurer)
    return send(opened.fund, treasurer, second_treasurer)


@shared
def advanced(sent, main_iban, treasurer):
    """The first part was paid, as the statement shows."""
    payout = sent.payouts.get()
    statement(main_iban, (-48_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    return Award.objects.get(pk=payout.award_id)


def test_80_percent_is_paid_first_and_the_rest_after_proof(
    advanced, invoice, main_iban, treasurer, second_treasurer
):
    assert advanced.status == Award.Status.ADVANCED
    assert ledger.balance_cents(advanced.account) == 12_000

    ending.report(award=advanced, step="complete", reason="certificate seen", actor=treasurer)
    rest = planning.rest(invoice=invoice, actor=treasurer)
    assert rest.amount_cents == 12_000
    send(main_iban.fund, treasurer, second_treasurer)
    statement(main_iban, (-12_000, rest.end_to_end_id, {}))
    confirmed = confirming.confirm(fund=main_iban.fund, actor=treasurer)
    assert [payout.pk for payout in confirmed.paid] == [rest.pk]

    done = ending.determine(
        award=advanced, amount=euros("600.00"), reason="as invoiced", actor=treasurer
    )
    assert (done.status, done.determined_amount) == ("determined", euros("600.00"))
    assert ledger.balance_cents(advanced.account) == 0
    assert books_are_right()


def test_money_leaves_an_award_when_the_statement_shows_it_and_only_once(
    sent, main_iban, treasurer
):
    payout = sent.payouts.get()
    assert ledger.balance_cents(payout.award.account) == 60_000
    statement(main_iban, (-48_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    again = confirming.confirm(fund=main_iban.fund, actor=treasurer)
    assert again.paid == []
    assert ledger.balance_cents(payout.award.account) == 12_000
    assert books_are_right()


@pytest.mark.parametrize(("cents", "end_to_end"), [(-47_999, None), (-48_000, "BP-999999")])
def test_a_payment_of_another_amount_or_number_confirms_nothing(
    sent, main_iban, treasurer, cents, end_to_end
):
    payout = sent.payouts.get()
    statement(main_iban, (cents, end_to_end or payout.end_to_end_id, {}))
    confirmed = confirming.confirm(fund=main_iban.fund, actor=treasurer)
    assert confirmed.paid == []
    assert len(confirmed.unclear) == (0 if end_to_end else 1)
    assert ledger.balance_cents(payout.award.account) == 60_000


def test_a_batch_that_the_bank_booked_as_one_amount_is_confirmed_as_a_whole(
    make_award, school, opened, main_iban, treasurer, second_treasurer
):
    for number, name in enumerate(("Anna", "Bram")):
        award = make_award(name)
        planning.advance(invoice=enter(award, treasurer, number=f"n{number}"), actor=treasurer)
    batch = send(opened.fund, treasurer, second_treasurer)
    assert (batch.payments_count, batch.total_cents) == (2, 96_000)
    statement(main_iban, (-96_000, "", {"bank_reference": batch.message_id}))
    confirmed = confirming.confirm(fund=opened.fund, actor=treasurer)
    assert len(confirmed.paid) == 2
    assert books_are_right()


@pytest.mark.parametrize("field", ["message_id", "payment_information_id"])
@pytest.mark.parametrize("cents", [96_000, 95_999])
def test_a_line_that_names_the_batch_is_the_batch_when_the_amount_is_too(
    make_award, school, opened, main_iban, treasurer, second_treasurer, field, cents
):
    for number, name in enumerate(("Anna", "Bram")):
        award = make_award(name)
        planning.advance(invoice=enter(award, treasurer, number=f"n{number}"), actor=treasurer)
    batch = send(opened.fund, treasurer, second_treasurer)
    assert f"<PmtInfId>{batch.payment_information_id}<".encode() in bytes(batch.xml)
    statement(main_iban, (-cents, "", {field: getattr(batch, field)}))
    confirmed = confirming.confirm(fund=opened.fund, actor=treasurer)
    assert (len(confirmed.paid), len(confirmed.unclear)) == ((2, 0) if cents == 96_000 else (0, 1))
    assert books_are_right()


def test_a_batch_is_what_the_bank_still_had_to_pay_of_it(
    make_award, school, opened, main_iban, treasurer, second_treasurer
):
    for number, name in enumerate(("Anna", "Bram")):
        award = make_award(name)
        planning.advance(invoice=enter(award, treasurer, number=f"n{number}"), actor=treasurer)
    batch = send(opened.fund, treasurer, second_treasurer)
    refused = {batch.payouts.first().end_to_end_id: "AC04"}
    reporting.take(
        content=answer.pain002(batch, refused), name="a", fund=opened.fund, actor=treasurer
    )
    facts = {"payment_information_id": batch.payment_information_id}
    statement(main_iban, (-48_000, "", facts))
    confirmed = confirming.confirm(fund=opened.fund, actor=treasurer)
    assert [payout.pk for payout in confirmed.paid] == [batch.payouts.last().pk]
    assert books_are_right()


def test_a_payment_that_comes_back_goes_to_the_award_and_to_the_desk(
    advanced, main_iban, treasurer, second_treasurer
):
    payout = advanced.payouts.get()
    statement(main_iban, (48_000, payout.end_to_end_id, {"is_reversal": True}))
    confirmed = confirming.confirm(fund=main_iban.fund, actor=treasurer)
    payout.refresh_from_db()
    assert [row.pk for row in confirmed.returned] == [payout.pk]
    assert payout.status == Payout.Status.REJECTED
    assert ledger.balance_cents(advanced.account) == 60_000
    assert books_are_right()

    again = planning.retry(payout=payout, actor=treasurer)
    assert (again.amount_cents, again.retries) == (48_000, payout)
    with refuses("retried_before"):
        planning.retry(payout=payout, actor=treasurer)
    send(main_iban.fund, treasurer, second_treasurer)
    statement(main_iban, (-48_000, again.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    assert ledger.balance_cents(advanced.account) == 12_000
    assert books_are_right()


# Invoices


def test_an_invoice_never_exceeds_the_price_in_the_register(make_award, school, treasurer):
    award = make_award("Dear Dora", cents=70_000)
    with refuses("above_register_price") as error:
        enter(award, treasurer, "600.01")
    assert error.value.params == {"most_cents": 60_000}
    enter(award, treasurer, "600.00")
    with refuses("above_register_price"):
        enter(award, treasurer, "0.01", number="2027-32")


def test_an_invoice_never_exceeds_the_award(make_award, school, treasurer):
    award = make_award("Cheap Chris", cents=50_000)
    with refuses("above_award") as error:
        enter(award, treasurer, "500.01")
    assert error.value.params == {"most_cents": 50_000}


def test_a_rise_of_the_price_after_the_award_costs_the_fund_nothing(
    make_award, school, welding, treasurer
):
    award = make_award("Early Eva", cents=70_000)
    welding.prices.create(price="600.00", valid_from=timezone.localdate() - timedelta(days=30))
    welding.prices.create(price="700.00", valid_from=timezone.localdate() + timedelta(days=1))
    welding.price = "700.00"
    welding.save()
    with refuses("above_register_price"):
        enter(award, treasurer, "700.00")


@pytest.mark.parametrize(
    ("status", "vat", "fits"),
    [
        ("exempt_crkbo", "0.00", True),
        ("exempt_crkbo", "0.01", False),
        ("exempt_law", "104.13", False),
        ("standard", "104.13", True),
        ("standard", "104.14", True),
        ("standard", "104.15", False),
        ("standard", "0.00", False),
    ],
)
def test_vat_follows_the_status_of_the_provider(award, school, treasurer, status, vat, fits):
    Provider.objects.filter(pk=school.provider_id).update(vat_status=status)
    if fits:
        enter(award, treasurer, "600.00", vat)
    else:
        with refuses("vat_wrong"):
            enter(award, treasurer, "600.00", vat)


def test_a_school_does_not_take_back_what_is_on_its_way_to_its_bank(invoice, treasurer, award):
    planning.advance(invoice=invoice, actor=treasurer)
    provider = award.choice.training.provider
    desk = signed_in(make_teacher("Tina Teacher", provider))
    at = reverse("school:invoice-withdrawal", args=[provider.pk, invoice.pk])
    assert at not in desk.get(reverse("school:invoices", args=[provider.pk])).text
    refused = desk.post(at, {"reason": "Verkeerd bedrag"})
    assert refused.status_code == 422
    assert "staat al klaar of is betaald" in refused.text
    invoice.refresh_from_db()
    assert invoice.withdrawn_at is None


def test_an_invoice_number_is_used_once_per_award(invoice, treasurer, award):
    invoices.withdraw(invoice=invoice, reason="Sent twice", actor=treasurer)
    again = enter(award, treasurer)
    planning.advance(invoice=again, actor=treasurer)
    with refuses("has_payouts"):
        invoices.withdraw(invoice=again, reason="Too late", actor=treasurer)


def test_only_an_accepted_award_can_be_invoiced(make_award, school, treasurer):
    award = make_award("Slow Sofie", status=Award.Status.GRANTED)
    with refuses("wrong_step"):
        enter(award, treasurer)


# Parts


def test_the_first_part_is_paid_from_three_weeks_before_the_start(invoice, edition, treasurer):
    edition.starts_on = timezone.localdate() + timedelta(days=22)
    edition.save()
    with refuses("too_early"):
        planning.advance(invoice=invoice, actor=treasurer)


def test_without_a_fixed_day_the_first_part_waits_until_the_training_began(
    make_award, school, treasurer
):
    award = make_award("Vera Vrij")
    Choice.objects.filter(pk=award.choice_id).update(edition=None)
    invoice = enter(Award.objects.get(pk=award.pk), treasurer)
    with refuses("not_started"):
        planning.advance(invoice=invoice, actor=treasurer)
    Award.objects.filter(pk=award.pk).update(started_on=timezone.localdate())
    assert planning.advance(invoice=invoice, actor=treasurer).amount_cents == 48_000


def test_the_rest_waits_for_proof(advanced, invoice, treasurer):
    with refuses("wrong_step"):
        planning.rest(invoice=invoice, actor=treasurer)


def test_a_part_is_planned_once(invoice, treasurer):
    planning.advance(invoice=invoice, actor=treasurer)
    with refuses("nothing_left"):
        planning.advance(invoice=invoice, actor=treasurer)


def test_a_suspended_provider_is_paid_what_was_agreed(invoice, school, treasurer):
    Provider.objects.filter(pk=school.provider_id).update(status="suspended")
    assert planning.advance(invoice=invoice, actor=treasurer).amount_cents == 48_000


def test_own_costs_go_to_the_worker_and_never_more_than_was_asked(
    award, school, own_account, treasurer
):
    CostLine.objects.create(choice=award.choice, kind="travel", amount="80.00")
    with refuses("above_award"):
        enter(award, treasurer, "520.01")
    enter(award, treasurer, "520.00")
    payout = planning.own_costs(award=award, amount=euros("50.00"), actor=treasurer)
    assert payout.payee.iban == WORKER_IBAN
    with refuses("above_own_costs") as error:
        planning.own_costs(award=award, amount=euros("30.01"), actor=treasurer)
    assert error.value.params == {"most_cents": 3_000}


def test_without_own_costs_nothing_is_paid_to_a_person(award, own_account, treasurer):
    with refuses("above_own_costs"):
        planning.own_costs(award=award, amount=euros("0.01"), actor=treasurer)


# Payees


def test_a_new_bank_account_is_verified_by_another_person_and_waits_a_day(
    invoice, welding, opened, treasurer, second_treasurer
):
    changed = payees.enter(
        fund=opened.fund,
        provider=welding.provider,
        iban="NL02 ABNA 0123 4567 89",
        holder_name="Lasschool B.V.",
        actor=treasurer,
    )
    planning.advance(invoice=invoice, actor=treasurer)

    def why_not():
        can, cannot = batches.ready(opened.fund, by=treasurer)
        assert can == []
        return [error.code for _, error in cannot]

    assert why_not() == ["payee_not_verified"]
    with refuses("same_person"):
        payees.verify(payee=changed, actor=treasurer, **seen())
    payees.verify(payee=changed, actor=second_treasurer, **seen())
    assert why_not() == ["payee_waits"]
    with refuses("nothing_to_pay"):
        batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)


def test_an_account_that_changed_after_the_batch_was_made_stops_the_approval(
    invoice, welding, opened, treasurer, second_treasurer
):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    payees.enter(
        fund=opened.fund,
        provider=welding.provider,
        iban="NL02ABNA0123456789",
        holder_name="Lasschool B.V.",
        actor=second_treasurer,
    )
    with refuses("payee_ended"):
        batches.approve(batch=batch, sha256=batch.xml_sha256, actor=second_treasurer)
    batches.withdraw(batch=batch, reason="Account changed", actor=treasurer)
    assert Payout.objects.get().status == Payout.Status.PLANNED


# Four eyes


def test_who_made_a_batch_never_approves_it_also_not_as_superuser(invoice, opened, treasurer):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    treasurer.is_superuser = treasurer.is_staff = True
    treasurer.save()
    with refuses("same_person"):
        batches.approve(batch=batch, sha256=batch.xml_sha256, actor=treasurer)


def test_a_superuser_without_a_seat_approves_nothing(invoice, opened, treasurer, superuser):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    with refuses("not_second"):
        batches.approve(batch=batch, sha256=batch.xml_sha256, actor=superuser)


def test_a_treasurer_of_another_region_does_nothing_here(
    invoice, opened, award, treasurer, treasurer_of_drenthe
):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    other = {"actor": treasurer_of_drenthe}
    with refuses("not_treasurer"):
        batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), **other)
    with refuses("not_second"):
        batches.approve(batch=batch, sha256=batch.xml_sha256, **other)
    for act in (
        lambda: enter(award, treasurer_of_drenthe, number="x"),
        lambda: planning.own_costs(award=award, amount=euros("1.00"), **other),
        lambda: batches.fetch(batch=batch, **other),
        lambda: confirming.confirm(fund=opened.fund, **other),
        lambda: ending.determine(award=award, amount=euros("1.00"), reason="x", **other),
    ):
        with refuses("no_seat"):
            act()


def test_batch_four_eyes_holds_in_the_database(sent, treasurer):
    other = PaymentBatch.objects.get(pk=sent.pk)
    other.pk, other.message_id = None, "another"
    other.approved_by = other.made_by
    with pytest.raises(IntegrityError, match="batch_four_eyes"), transaction.atomic():
        PaymentBatch.objects.bulk_create([other])


def test_payee_four_eyes_holds_in_the_database(school):
    with pytest.raises(IntegrityError, match="payee_"), transaction.atomic():
        type(school).objects.bulk_create(
            [
                type(school)(
                    fund=school.fund,
                    worker=None,
                    provider=Provider.objects.create(
                        name="P", kvk="90000010", vat_status="standard"
                    ),
                    iban=SCHOOL_IBAN,
                    holder_name="P",
                    entered_by=school.entered_by,
                    verified_by=school.entered_by,
                    verified_at=timezone.now(),
                )
            ]
        )


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("allocation_paymentbatch", "xml", b"<other/>"),
        ("allocation_paymentbatch", "message_id", "other"),
        ("allocation_paymentbatch", "approved_by_id", 1),
        ("allocation_payout", "amount_cents", 1),
        ("allocation_payee", "iban", "NL02ABNA0123456789"),
        ("allocation_payee", "entered_at", timezone.now()),
        ("allocation_invoice", "amount_cents", 1),
    ],
)
def test_what_was_written_about_a_payment_stays(sent, table, column, value):
    with (
        pytest.raises(DatabaseError, match="keeps what was written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


# The file


def test_the_file_says_what_the_batch_says_and_is_the_same_each_time(sent, treasurer):
    first, again = (batches.fetch(batch=sent, actor=treasurer) for _ in range(2))
    assert first == again
    root = etree.fromstring(first)
    space = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}

    def texts(path):
        return root.xpath(f"//p:{path}/text()", namespaces=space)

    payout = sent.payouts.get()
    assert texts("MsgId") == [sent.message_id]
    assert texts("EndToEndId") == [payout.end_to_end_id]
    assert texts("InstdAmt") == ["480.00"]
    assert texts("CdtrAcct/p:Id/p:IBAN") == [SCHOOL_IBAN]
    assert texts("DbtrAcct/p:Id/p:IBAN") == ["NL91ABNA0417164300"]
    assert payout.award.request.worker.name not in first.decode()
    assert AuditEvent.objects.filter(action="batch.fetched").count() == 2


def test_a_batch_is_fetched_after_its_approval_only(invoice, opened, treasurer):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    with refuses("wrong_step"):
        batches.fetch(batch=batch, actor=treasurer)


def test_the_approver_approves_the_file_that_they_saw(invoice, opened, treasurer, second_treasurer):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    with refuses("other_file"):
        batches.approve(batch=batch, sha256="0" * 64, actor=second_treasurer)


def test_board_members_may_approve(invoice, opened, treasurer):
    planning.advance(invoice=invoice, actor=treasurer)
    batch = batches.prepare(fund=opened.fund, execution_on=timezone.localdate(), actor=treasurer)
    member = seat("Bea Board", opened.fund, Seat.Role.BOARD)
    approved = batches.approve(batch=batch, sha256=batch.xml_sha256, actor=member)
    assert approved.approved_by == member


def test_from_cents_of_an_advance_and_the_rest_make_the_invoice():
    for cents in range(1, 2_000):
        first = cents * planning.ADVANCE_PERCENT // 100
        assert 0 <= first <= cents
        assert from_cents(first) + from_cents(cents - first) == from_cents(cents)
