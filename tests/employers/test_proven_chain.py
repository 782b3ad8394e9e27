"""The chain decides: the next statement, one that is known, one that was missing, or held."""

from io import BytesIO

import pytest

from budgetpool.audit.models import AuditEvent
from budgetpool.bank import acceptance, holding, links, sources
from budgetpool.bank.importing import read_source, read_stream
from budgetpool.bank.models import BankEntry, BankStatement, HeldFile
from budgetpool.fund import funds, ledger
from employers.importing import import_file
from tests.bank.samples import camt, case, entry_xml, statement_xml
from tests.refusing import refuses

pytestmark = pytest.mark.django_db
BAKER, BUTCHER = "NL20INGB0001234567", "NL39RABO0300065264"


def gaps_cents(fund_iban):
    """What the statements that are missing moved, together."""
    return sum(two.from_cents - one.until_cents for one, two in links.of(fund_iban).gaps())


@pytest.fixture
def day(receive):
    """Import one day in January 2027: its balances in euros and its amounts."""

    def day(number, opening, *amounts, id=None, iban=BAKER, **facts):
        closing = opening + sum(amounts)
        entries = [
            entry_xml(
                f"{abs(amount):.2f}",
                "CRDT" if amount > 0 else "DBIT",
                date=f"2027-01-{number:02}",
                iban=iban,
            )
            for amount in amounts
        ]
        at = {"opening": f"{opening:.2f}", "closing": f"{closing:.2f}"}
        return receive(*entries, id=id or f"D{number}", day=f"2027-01-{number:02}", **at, **facts)

    return day


def mt940_day(number, opening, *amounts, id="M", iban="NL91ABNA0417164300"):
    """The same day as an MT940 file."""
    lines = [f":20:{id}{number}", f":25:{iban}", f":28C:{number}/1"]
    lines.append(f":60F:C2701{number - 1 or 1:02}EUR{opening:.2f}".replace(".", ","))
    for amount in amounts:
        mark = "C" if amount > 0 else "D"
        lines.append(
            f":61:2701{number:02}01{number:02}{mark}{abs(amount):.2f}NTRFNONREF".replace(".", ",")
        )
        lines.append(":86:/REMI/text that no other format has/")
    closing = opening + sum(amounts)
    lines.append(f":62F:C2701{number:02}EUR{closing:.2f}".replace(".", ","))
    return "\r\n".join(lines) + "\r\n"


def read(text, name="file.sta"):
    return read_stream(BytesIO(text.encode()), name=name)


def held(report):
    return [stored.held.code for stored in report.stored if stored.held]


def bank_cents(account):
    return ledger.balance_cents(account.account)


class TestCases:
    """The files rebuilt from public reports."""

    @pytest.fixture
    def triodos(self, twente):
        return funds.add_iban(fund=twente, iban="NL98TRIO0250904100", holder_name="Fonds")

    def take(self, name, file, fund):
        return import_file(source=read_source(case(name, file)), fund=fund)

    def test_two_equal_payments_in_two_proven_statements_are_both_booked(self, triodos, twente):
        for file in ("1.xml", "2.xml"):
            self.take("two_equal_payments_two_statements", file, twente)
        assert bank_cents(triodos) == 500_00
        for file in ("2.xml", "1.xml"):
            report = self.take("two_equal_payments_two_statements", file, twente)
            assert (report.fresh_count, report.known_count) == (0, 1)
        assert bank_cents(triodos) == 500_00

    def test_a_gap_between_statements_holds_the_second_and_says_how_much(self, triodos, twente):
        self.take("gap_between_statements", "1.xml", twente)
        report = self.take("gap_between_statements", "2.xml", twente)
        assert held(report) == ["gap"]
        waiting = HeldFile.objects.get()
        assert waiting.params == {"gap_cents": 8900, "closing_cents": 100, "from_cents": 9000}
        assert bank_cents(triodos) == 1_00
        assert bytes(waiting.content) == case("gap_between_statements", "2.xml").read_bytes()


class TestNext:
    def test_equal_payments_of_one_day_count_as_often_as_statements_prove_them(
        self, day, fund_iban
    ):
        for opening in (0, 250, 500):
            day(5, opening, 250, id=f"S-{opening}")
        assert bank_cents(fund_iban) == 750_00

    def test_a_payment_taken_back_and_paid_again_is_three_lines(self, day, fund_iban):
        for number, (opening, amount) in enumerate(((0, 250), (250, -250), (0, 250)), start=1):
            day(5, opening, amount, id=f"2027 {number}")
        assert bank_cents(fund_iban) == 250_00
        assert BankEntry.objects.count() == 3

    def test_where_no_number_says_that_it_was_paid_again_people_do(
        self, day, fund_iban, treasurer, chair
    ):
        day(5, 0, 250, id="A")
        day(5, 250, -250, id="B")
        assert held(day(5, 0, 250, id="C")) == ["known_or_next"]
        assert bank_cents(fund_iban) == 0
        source = sources.of_held(HeldFile.objects.get())
        decide(source, fund_iban.fund, treasurer, chair)
        import_file(source=source, fund=fund_iban.fund, by=chair)
        assert bank_cents(fund_iban) == 250_00
        assert links.of(fund_iban).gaps() == []

    def test_a_week_that_ends_within_a_day_is_known_from_its_days(self, day, receive, fund_iban):
        day(5, 0, 10)
        day(6, 10, 250, -250, 30)
        report = receive(
            *(
                entry_xml(f"{abs(euros)}.00", mark, date=f"2027-01-0{number}")
                for number, euros, mark in ((5, 10, "CRDT"), (6, 250, "CRDT"), (6, -250, "DBIT"))
            ),
            id="HALF A WEEK",
            day="2027-01-06",
            opening="0.00",
            closing="10.00",
        )
        assert (report.fresh_count, held(report)) == (0, [])
        assert bank_cents(fund_iban) == 40_00

    def test_equal_debits_of_two_statements_are_both_booked(self, day, fund_iban):
        day(5, 500, -10, id="A")
        day(5, 490, -10, id="B")
        assert bank_cents(fund_iban) == -20_00

    def test_statements_of_one_file_may_stand_in_any_order(self, fund_iban, twente):
        parts = [
            statement_xml(entry_xml("10.00"), id=id, opening=opening, closing=closing)
            for id, opening, closing in (("B", "10.00", "20.00"), ("A", "0.00", "10.00"))
        ]
        report = import_file(source=read_stream(camt(*parts), name="x.xml"), fund=twente)
        assert report.fresh_count == 2
        assert held(report) == []

    def test_a_statement_with_one_balance_joins_by_the_other(self, day, receive, fund_iban):
        day(5, 0, 10)
        receive(entry_xml("7.00", date="2027-01-06"), id="HALF", day="2027-01-06", closing="17.00")
        assert bank_cents(fund_iban) == 17_00


class TestKnown:
    def test_days_of_mt940_and_then_their_month_as_camt(self, fund_iban, twente, receive):
        for number, opening, amount in ((5, 0, 10), (6, 10, 20), (8, 30, -5)):
            import_file(source=read(mt940_day(number, opening, amount)), fund=twente)
        report = receive(
            *(
                entry_xml(amount, mark, date=f"2027-01-0{number}", remittance="other words")
                for number, amount, mark in (
                    (5, "10.00", "CRDT"),
                    (6, "20.00", "CRDT"),
                    (8, "5.00", "DBIT"),
                )
            ),
            id="MONTH",
            day="2027-01-31",
            opening="0.00",
            closing="25.00",
        )
        assert (report.fresh_count, report.known_count, held(report)) == (0, 3, [])
        assert bank_cents(fund_iban) == 25_00

    def test_a_month_as_camt_and_then_its_days_as_mt940(self, fund_iban, twente, receive):
        receive(
            entry_xml("10.00", date="2027-01-05"),
            entry_xml("20.00", date="2027-01-06"),
            entry_xml("3.00", date="2027-01-06"),
            opening="0.00",
            closing="33.00",
        )
        for text in (mt940_day(5, 0, 10), mt940_day(6, 10, 23)):
            report = import_file(source=read(text), fund=twente)
            assert (report.fresh_count, held(report)) == (0, [])
        assert bank_cents(fund_iban) == 33_00

    def test_two_statements_of_a_day_and_then_the_whole_day(self, day, fund_iban, twente):
        day(5, 0, 250, id="MORNING")
        day(5, 250, 100, id="EVENING")
        report = import_file(source=read(mt940_day(5, 0, 250, 100)), fund=twente)
        assert (report.fresh_count, held(report)) == (0, [])

    def test_a_whole_day_and_then_its_two_statements(self, day, fund_iban, twente):
        day(5, 0, 250, 100, 250)
        for text in (mt940_day(5, 0, 250), mt940_day(5, 250, 100, 250, id="N")):
            report = import_file(source=read(text), fund=twente)
            assert (report.fresh_count, held(report)) == (0, [])
        assert bank_cents(fund_iban) == 600_00

    def test_a_day_that_moves_nothing_in_the_end_is_known_in_another_format(
        self, day, fund_iban, twente
    ):
        day(4, 0, 30)
        day(5, 30, 250, -250)
        report = import_file(source=read(mt940_day(5, 30, 250, -250)), fund=twente)
        assert (report.fresh_count, held(report)) == (0, [])
        assert bank_cents(fund_iban) == 30_00

    def test_a_format_that_gives_days_of_value_only(self, day, fund_iban, twente):
        day(5, 0, 10, -4)
        text = mt940_day(5, 0, 10, -4).replace(":61:2701050105D", ":61:270103D")
        report = import_file(source=read(text), fund=twente)
        assert (report.fresh_count, held(report)) == (0, [])

    def test_a_batch_that_one_format_takes_apart(self, day, fund_iban, twente):
        day(5, 100, -10, -20, 5)
        report = import_file(source=read(mt940_day(5, 100, -30, 5)), fund=twente)
        assert (report.fresh_count, held(report)) == (0, [])

    def test_a_day_without_lines_moves_nothing(self, day, fund_iban):
        day(5, 0, 10)
        day(6, 10)
        assert held(day(6, 10, id="AGAIN")) == []
        assert held(day(7, 10, 5)) == []
        assert bank_cents(fund_iban) == 15_00


class TestOverlap:
    def test_of_a_longer_statement_only_the_rest_is_booked(self, day, fund_iban, receive):
        day(5, 0, 10)
        day(6, 10, 10)
        report = receive(
            entry_xml("10.00", date="2027-01-05"),
            entry_xml("10.00", date="2027-01-06"),
            entry_xml("10.00", date="2027-01-07"),
            id="WEEK",
            day="2027-01-07",
            opening="0.00",
            closing="30.00",
        )
        assert (report.fresh_count, report.known_count) == (1, 2)
        assert bank_cents(fund_iban) == 30_00
        assert BankStatement.objects.get(statement_id="WEEK").known_count == 2
        day(8, 30, 1)
        assert bank_cents(fund_iban) == 31_00

    def test_the_rest_of_a_day_of_which_the_morning_is_known(self, day, fund_iban, twente):
        day(5, 0, 250, id="MORNING")
        report = import_file(source=read(mt940_day(5, 0, 250, 250, 7)), fund=twente)
        assert (report.fresh_count, report.known_count) == (2, 1)
        assert bank_cents(fund_iban) == 507_00

    def test_a_statement_from_before_the_first(self, day, fund_iban):
        day(6, 10, 5)
        day(5, 3, 7)
        assert bank_cents(fund_iban) == 12_00
        assert links.of(fund_iban).gaps() == []

    def test_a_month_around_days_that_are_known(self, day, fund_iban, receive):
        day(6, 10, 5)
        report = receive(
            entry_xml("10.00", date="2027-01-05"),
            entry_xml("5.00", date="2027-01-06"),
            entry_xml("2.00", date="2027-01-07"),
            id="MONTH",
            day="2027-01-31",
            opening="0.00",
            closing="17.00",
        )
        assert (report.fresh_count, report.known_count) == (2, 1)
        assert links.of(fund_iban).gaps() == []
        assert bank_cents(fund_iban) == 17_00


class TestHeld:
    def test_it_is_booked_by_itself_once_the_missing_one_has_come(self, day, fund_iban):
        day(5, 0, 10)
        assert held(day(8, 40, 1)) == ["gap"]
        assert held(day(7, 30, 10)) == ["gap"]
        report = day(6, 10, 20)
        assert held(report) == []
        assert report.fresh_count == 3
        assert bank_cents(fund_iban) == 41_00
        assert not holding.waiting(fund_iban.fund).exists()
        assert AuditEvent.objects.filter(action="statement.settled").count() == 2

    def test_two_people_book_it_with_the_gap_which_stays_until_it_is_filled(
        self, day, fund_iban, treasurer, second_treasurer
    ):
        day(5, 0, 10)
        day(8, 40, 1)
        source = sources.of_held(HeldFile.objects.get())
        decide(source, fund_iban.fund, treasurer, second_treasurer)
        import_file(source=source, fund=fund_iban.fund, by=second_treasurer)
        assert bank_cents(fund_iban) == 11_00
        told = AuditEvent.objects.filter(action__startswith="statement.acceptance_").order_by("pk")
        assert [(event.actor, event.details["reason"]) for event in told] == [
            (treasurer, "the bank lost a day"),
            (second_treasurer, "the bank lost a day"),
        ]
        assert gaps_cents(fund_iban) == 30_00
        assert not holding.waiting(fund_iban.fund).exists()
        day(6, 10, 20)
        assert gaps_cents(fund_iban) == 10_00
        day(7, 30, 10)
        assert links.of(fund_iban).gaps() == []
        assert bank_cents(fund_iban) == 41_00

    def test_two_people_set_it_aside(self, day, fund_iban, treasurer, chair):
        day(5, 0, 10)
        day(8, 40, 1)
        source = sources.of_held(HeldFile.objects.get())
        decide(source, fund_iban.fund, treasurer, chair, sets_aside=True)
        assert not holding.waiting(fund_iban.fund).exists()
        report = import_file(source=source, fund=fund_iban.fund)
        assert [stored.left_out for stored in report.stored] == ["set_aside"]
        assert bank_cents(fund_iban) == 10_00

    def test_the_second_cannot_confirm_the_opposite(self, day, fund_iban, treasurer, chair):
        day(5, 0, 10)
        day(8, 40, 1)
        source = sources.of_held(HeldFile.objects.get())
        fund = fund_iban.fund
        asked = acceptance.accept(source=source, fund=fund, reason="lost", by=treasurer)
        with refuses("other_decision"):
            acceptance.accept(source=source, fund=fund, reason="", by=chair, sets_aside=True)
        acceptance.withdraw(accepted=asked, by=chair)
        decide(source, fund, treasurer, chair, sets_aside=True)
        with refuses("wrong_state"):
            acceptance.withdraw(
                accepted=HeldFile.objects.get().fund.unproven_acceptances.get(), by=chair
            )

    def test_a_forged_file_and_then_the_true_one(self, day, fund_iban, treasurer, second_treasurer):
        day(5, 0, 99_999, id="FORGED", iban=BUTCHER, by=treasurer)
        report = day(5, 0, 1_000, id="TRUE")
        assert held(report) == ["contradicts"]
        decide(sources.of_held(HeldFile.objects.get()), fund_iban.fund, treasurer, second_treasurer)
        import_file(source=sources.of_held(HeldFile.objects.get()), fund=fund_iban.fund)
        assert links.of(fund_iban).closing_cents == 1_000_00
        assert held(day(6, 1_000, 5)) == []

    @pytest.mark.parametrize(
        ("forged", "true"),
        [
            ((99_999, -99_999, 1_000), (1_000,)),
            ((1_000, 500), (1_500,)),
            ((600, 400), (1_000, 50)),
        ],
    )
    def test_a_forged_file_that_ends_as_the_true_one_or_begins_like_it(
        self, day, fund_iban, forged, true
    ):
        day(5, 0, *forged, id="FORGED", iban=BUTCHER)
        assert held(day(5, 0, *true, id="TRUE", iban=BAKER)) == ["contradicts"]

    def test_the_same_amounts_from_somebody_else(self, day, fund_iban):
        day(5, 0, 1_000, id="FORGED", iban=BUTCHER)
        assert held(day(5, 0, 1_000, id="TRUE", iban=BAKER)) == ["contradicts"]

    def test_the_same_amount_for_another_request(self, receive, fund_iban):
        at = {"opening": "0.00", "closing": "10.00"}
        receive(entry_xml("10.00", structured="RF18539007547034"), id="FORGED", **at)
        report = receive(entry_xml("10.00", structured="RF712348231"), id="TRUE", **at)
        assert held(report) == ["contradicts"]

    def test_a_file_without_balances_on_an_account_that_has_a_chain(self, day, receive, fund_iban):
        day(5, 0, 10)
        assert held(receive(entry_xml("99999.00", date="2027-01-06"), id="X")) == ["no_balances"]
        assert bank_cents(fund_iban) == 10_00

    def test_a_file_without_balances_that_tells_nothing_new_is_known(self, receive):
        receive(entry_xml("10.00", name="A"), opening="0.00", closing="10.00")
        report = receive(entry_xml("10.00", name="A"), id="X")
        assert (held(report), report.fresh_count) == ([], 0)

    def test_what_comes_twice_and_moves_nothing_is_a_question(self, day, fund_iban):
        day(5, 0, 10)
        day(6, 10, 5, -5, id="A")
        assert held(day(6, 10, 5, -5, id="B")) == ["known_or_next"]

    def test_a_file_is_booked_whole_or_held_whole(self, day, fund_iban, twente):
        day(5, 0, 10)
        parts = [
            statement_xml(entry_xml("1.00"), id=id, opening=opening, closing=closing)
            for id, opening, closing in (("A", "10.00", "11.00"), ("B", "90.00", "91.00"))
        ]
        source = read_stream(camt(*parts), name="x.xml")
        report = import_file(source=source, fund=twente)
        assert held(report) == ["gap", "gap"]
        assert bank_cents(fund_iban) == 10_00
        assert held(import_file(source=source, fund=twente)) == ["gap", "gap"]
        assert HeldFile.objects.count() == 1


def decide(source, fund, first, second, **how):
    acceptance.accept(source=source, fund=fund, reason="the bank lost a day", by=first, **how)
    with refuses("same_person"):
        acceptance.accept(source=source, fund=fund, reason="", by=first, **how)
    acceptance.accept(source=source, fund=fund, reason="", by=second, **how)
