"""The bank's closing balance beside the books, and a difference told by its parts to the cent."""

import random
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from budgetpool.audit.models import AuditEvent
from budgetpool.bank import acceptance, opening, reconciling, sources
from budgetpool.bank.models import HeldFile, OpeningBalance
from budgetpool.bank.reasons import PARTS
from budgetpool.fund import checks, finding_words, ledger
from budgetpool.fund.findings import Finding
from budgetpool.fund.models import Account
from employers.importing import import_file
from tests.bank.samples import entry_xml
from tests.employers.test_proven_chain import day  # noqa: F401
from tests.refusing import refuses
from tests.sharing import harmless

pytestmark = pytest.mark.django_db
START = date(2027, 1, 1)


@pytest.fixture
@harmless
def book_opening(fund_iban, treasurer, chair):
    """Book what the fund's account held on 1 January 2027."""

    def book(cents):
        asked = opening.ask(
            account=fund_iban,
            amount_cents=cents,
            starts_on=START,
            reason="Yearly statement of 2026",
            by=treasurer,
        )
        return opening.approve(opening=asked, by=chair)

    return book


def parts(account):
    found = reconciling.of(account)
    assert sum(item.cents for item in found.items) == found.difference_cents
    return {item.code: item.cents for item in found.items}


def bank_findings():
    (found,) = [outcome for outcome in checks.check_ledger() if outcome.check == "bank"]
    return [finding.code for finding in found.findings]


class TestOpening:
    def test_two_people_book_it_once(self, fund_iban, treasurer, chair, book_opening):
        booked = book_opening(1_234_56)
        assert ledger.balance_cents(fund_iban.account) == 1_234_56
        own = Account.objects.get(code="opening-balance")
        assert (own.kind, own.balance_cents) == ("opening", 1_234_56)
        with refuses("opening_taken"):
            book_opening(1)
        with refuses("wrong_state"):
            opening.approve(opening=booked, by=chair)
        with refuses("wrong_state"):
            opening.withdraw(opening=booked, by=chair)
        assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []
        actions = AuditEvent.objects.filter(action__startswith="opening.").values_list("action")
        assert [action for (action,) in actions.order_by("pk")] == [
            "opening.asked",
            "opening.booked",
        ]

    def test_one_person_alone_cannot(self, fund_iban, treasurer):
        asked = opening.ask(
            account=fund_iban, amount_cents=1, starts_on=START, reason="x", by=treasurer
        )
        with refuses("same_person"):
            opening.approve(opening=asked, by=treasurer)
        opening.withdraw(opening=asked, by=treasurer)
        assert not opening.to_approve(fund_iban.fund).exists()
        assert ledger.balance_cents(fund_iban.account) == 0

    def test_nobody_else_can(self, fund_iban, treasurer, treasurer_of_drenthe, chair):
        facts = {"account": fund_iban, "amount_cents": 1, "starts_on": START, "reason": "x"}
        for stranger in (treasurer_of_drenthe, chair):
            with refuses("not_treasurer"):
                opening.ask(**facts, by=stranger)
        asked = opening.ask(**facts, by=treasurer)
        for step in (opening.approve, opening.withdraw):
            with refuses("not_second"):
                step(opening=asked, by=treasurer_of_drenthe)

    def test_it_is_more_than_nothing_and_has_a_source(self, fund_iban, treasurer):
        for cents, reason in ((0, "x"), (-5, "x"), (5, "")):
            with pytest.raises(ValidationError):
                opening.ask(
                    account=fund_iban,
                    amount_cents=cents,
                    starts_on=START,
                    reason=reason,
                    by=treasurer,
                )
        assert not OpeningBalance.objects.exists()

    def test_it_is_where_the_first_statement_begins(self, fund_iban, day, book_opening):  # noqa: F811
        day(5, 100, 10)
        with refuses("opening_differs"):
            book_opening(100_01)
        book_opening(100_00)
        assert reconciling.of(fund_iban).is_proven

    def test_the_first_statement_begins_with_it(self, fund_iban, day, book_opening):  # noqa: F811
        book_opening(100_00)
        report = day(5, 90, 10)
        assert [stored.held.code for stored in report.stored] == ["opening_differs"]
        assert bank_findings() == ["bank_file_held"]
        day(4, 100, 1)
        assert ledger.balance_cents(fund_iban.account) == 101_00

    def test_what_was_before_it_is_held(self, fund_iban, day, book_opening):  # noqa: F811
        day(5, 100, 10)
        book_opening(100_00)
        report = day(4, 90, 10)
        assert [stored.held.code for stored in report.stored] == ["before_opening"]


class TestParts:
    def test_an_account_that_equals_its_last_statement(self, fund_iban, day):  # noqa: F811
        day(5, 0, 10, -3)
        found = reconciling.of(fund_iban)
        assert (found.is_proven, found.closing_cents, found.ledger_cents) == (True, 700, 700)
        assert bank_findings() == []

    def test_an_opening_balance_that_is_not_booked(self, fund_iban, day):  # noqa: F811
        day(5, 1859.13, -198.26)
        assert parts(fund_iban) == {"opening_not_booked": 1859_13}
        assert bank_findings() == ["bank_opening_not_booked"]
        assert not reconciling.of(fund_iban).is_proven

    def test_a_statement_that_is_missing(
        self,
        fund_iban,
        day,  # noqa: F811
        treasurer,
        chair,
    ):
        day(5, 0, 1)
        day(7, 90, 1)
        assert bank_findings() == ["bank_file_held"]
        assert parts(fund_iban) == {}
        assert not reconciling.of(fund_iban).is_proven, "the last may not be the last"
        accept(HeldFile.objects.get(), treasurer, chair)
        assert parts(fund_iban) == {"gap": 89_00}
        assert bank_findings() == ["bank_gap"]

    def test_a_forged_line_stands_beside_the_chain(
        self,
        fund_iban,
        day,  # noqa: F811
        treasurer,
        chair,
    ):
        day(5, 0, 99_999, id="FORGED")
        day(5, 0, 1_000, id="TRUE", iban="NL39RABO0300065264")
        accept(HeldFile.objects.get(), treasurer, chair)
        assert parts(fund_iban) == {"beside_the_chain": -99_999_00}
        assert bank_findings() == ["bank_beside_the_chain"]

    def test_a_transfer_that_no_line_is_behind(self, fund_iban, day):  # noqa: F811
        day(5, 0, 10)
        ledger.post(
            debit=fund_iban.account,
            credit=ledger.open_account(
                fund=fund_iban.fund, kind=Account.Kind.SUSPENSE, code="suspense"
            ),
            amount=1_000_000,
            reference="deposit:999:received",
            memo="deposit",
        )
        assert parts(fund_iban) == {"no_entry": -1_000_000}
        assert bank_findings() == ["bank_no_entry"]

    def test_a_line_in_another_currency_is_proven_and_not_booked(self, fund_iban, receive):
        receive(
            entry_xml("10.00"),
            entry_xml("5.00", currency="USD"),
            opening="0.00",
            closing="15.00",
        )
        assert parts(fund_iban) == {"not_all_booked": 500}

    def test_an_account_without_balances_says_so(self, fund_iban, receive):
        receive(entry_xml("10.00"))
        found = reconciling.of(fund_iban)
        assert (found.closing_cents, found.is_proven, found.ledger_cents) == (None, False, 1000)
        assert bank_findings() == []

    @pytest.mark.parametrize("seed", range(12))
    def test_the_parts_make_the_difference_whatever_happened(
        self,
        fund_iban,
        day,  # noqa: F811
        receive,
        treasurer,
        chair,
        seed,
    ):
        rng = random.Random(seed)
        if rng.random() < 0.5:
            receive(entry_xml("77.00"), id="BESIDE")
        balance = rng.choice([1_000, 5_000])
        for number in range(5, 20):
            amounts = [rng.choice([-3, 5, 8, 250]) for _ in range(rng.randint(0, 3))]
            if rng.random() < 0.7:
                day(number, balance, *amounts)
            balance += sum(amounts)
            waiting = HeldFile.objects.filter(settled_at=None).first()
            if waiting is not None and rng.random() < 0.5:
                accept(waiting, treasurer, chair)
            parts(fund_iban)


@pytest.mark.parametrize("code", PARTS)
def test_each_part_that_keeps_a_month_open_is_said_in_words(code):
    params = {"fund": "F", "account": "NL91", "cents": 100, "from_cents": 100, "statement": "S"}
    days = {"closing_on": "2027-01-05", "first_on": "2027-01-08"}
    finding = Finding(f"bank_{code}", params | days)
    said = {}
    for language in ("nl", "en"):
        with translation.override(language):
            said[language] = finding_words.say(finding)
    assert said["nl"] != said["en"]
    assert "bank_" not in said["en"]


def test_check_ledger_prints_the_statement_of_each_account(fund_iban, day):  # noqa: F811
    day(5, 100, 10)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_ledger", stdout=out)
    text = out.getvalue()
    assert (
        "NL91ABNA0417164300: last closing EUR 110.00 (2027-01-05), ledger EUR 10.00, "
        "difference EUR 100.00" in text
    )
    assert "EUR 100.00  opening_not_booked" in text
    assert "The books are not right." in text


def accept(held, first, second):
    source, fund = sources.of_held(held), held.fund
    acceptance.accept(source=source, fund=fund, reason="the bank says so", by=first)
    acceptance.accept(source=source, fund=fund, reason="", by=second)
    import_file(source=source, fund=fund, by=second)
