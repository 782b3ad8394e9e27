"""Statements in: each entry once, whatever file it comes in; deposits booked or in suspense."""

from io import BytesIO

import pytest
from django.db import transaction

from budgetpool.audit.models import AuditEvent
from budgetpool.bank import acceptance
from budgetpool.bank.importing import read_source, read_stream
from budgetpool.bank.models import BankEntry, BankStatement, UnprovenAcceptance
from budgetpool.fund import funds, ledger
from budgetpool.fund.checks import check_ledger
from budgetpool.fund.models import Account, Transfer
from employers import accounts
from employers.deposits import booking
from employers.importing import import_file
from employers.models import Deposit
from tests.bank.samples import camt, case, entry_xml, sample, statement_xml
from tests.bank.test_mt940 import mt940
from tests.cast import make_fund_iban
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def balances(fund):
    return {account.code: account.balance_cents for account in fund.accounts.all()}


def test_an_unknown_deposit_waits_in_suspense_and_a_payment_is_unexplained(receive, twente):
    report = receive(
        entry_xml("1250.00", name="Bakker"),
        entry_xml("80.00", "DBIT", name="Bank", date="2027-01-06"),
    )
    assert report.fresh_count == 2
    assert balances(twente) == {
        "bank": 1170_00,
        "suspense": 1250_00,
        "unexplained": 80_00,
        "pool": 0,
    }
    deposit = Deposit.objects.get()
    assert (deposit.amount_cents, deposit.entry.name) == (1250_00, "Bakker")
    transfer = Transfer.objects.get(reference=f"deposit:{deposit.pk}:received")
    assert str(transfer.value_date) == "2027-01-05"


def test_the_same_file_twice_is_booked_once_and_the_overlap_is_told(receive, twente):
    first = receive(entry_xml("10.00"), opening="0.00", closing="10.00")
    second = receive(entry_xml("10.00"), opening="0.00", closing="10.00")
    assert (first.fresh_count, first.known_count) == (1, 0)
    assert (second.fresh_count, second.known_count) == (0, 1)
    assert BankStatement.objects.count() == BankEntry.objects.count() == 1
    assert balances(twente)["bank"] == 10_00


def test_two_equal_entries_of_one_statement_are_both_booked(receive, twente):
    receive(entry_xml("10.00", name="A"), entry_xml("10.00", name="A"))
    assert balances(twente)["suspense"] == 20_00


def test_an_equal_entry_from_another_file_is_not_booked_again(receive, twente):
    day = entry_xml("10.00", name="A"), entry_xml("10.00", name="A")
    receive(*day, id="DAY-5")
    report = receive(*day, entry_xml("7.00", date="2027-01-06"), id="WEEK-1")
    assert (report.fresh_count, report.known_count) == (1, 2)
    assert balances(twente)["suspense"] == 27_00
    assert BankStatement.objects.get(statement_id="WEEK-1").known_count == 2


def test_one_statement_twice_within_one_file_is_booked_once(fund_iban):
    one = statement_xml(entry_xml("10.00"), iban=fund_iban.iban)
    source = read_stream(camt(one, one.replace("S-1", "S-2")), name="twice.xml")
    report = import_file(source=source)
    assert (report.fresh_count, report.known_count) == (1, 1)


def test_equal_amounts_with_other_bank_references_are_different_payments(receive, twente):
    receive(entry_xml("10.00", bank_reference="BANK0001"), id="MORNING")
    receive(entry_xml("10.00", bank_reference="BANK0002"), id="EVENING")
    assert balances(twente)["suspense"] == 20_00


def test_a_statement_id_that_a_bank_uses_for_years_hides_nothing(receive, twente):
    receive(entry_xml("10.00", reference="1", date="2027-01-05"), id="0000000000")
    receive(entry_xml("10.00", reference="1", date="2027-01-06"), id="0000000000")
    assert balances(twente)["suspense"] == 20_00


def test_a_text_that_the_bank_spells_otherwise_is_known_by_its_place(receive, twente):
    receive(entry_xml("10.00", reference="7", remittance="mei"), id="S-9")
    report = receive(entry_xml("10.00", reference="7", remittance="MEI"), id="S-9")
    assert report.known_count == 1
    assert balances(twente)["suspense"] == 10_00


def test_the_same_day_in_another_format_is_booked_once(receive, fund_iban, twente):
    receive(entry_xml("10.00", name="A"), opening="100.00", closing="110.00")
    other = read_stream(mt940(":61:2701050105C10,00NTRFNONREF", ":86:A"), name="day.sta")
    report = import_file(source=other)
    assert (report.fresh_count, report.known_count) == (0, 1)
    assert balances(twente)["bank"] == 10_00


def test_another_account_or_currency_is_left_out_with_a_word(fund_iban, twente):
    path = sample("camt053", "bsp_camt053_multicurrency.xml")
    make_fund_iban(twente, "DE89370400440532013000", code="bank-2")
    with path.open("rb") as stream:
        report = import_file(source=read_stream(stream, name=path.name))
    assert [stored.left_out for stored in report.stored] == ["", "other_account"]
    assert report.fresh_count == 2


def test_a_statement_in_another_currency_on_an_own_account_is_left_out(receive):
    report = receive(entry_xml("10.00", currency="USD"), currency="USD")
    assert [stored.left_out for stored in report.stored] == ["other_currency"]
    assert not BankStatement.objects.exists()


def test_an_entry_in_another_currency_is_left_out_of_a_statement_in_euros(receive, twente):
    report = receive(entry_xml("10.00"), entry_xml("5.00", currency="USD"))
    (stored,) = report.stored
    assert (len(stored.fresh), len(stored.left_out_entries)) == (1, 1)
    assert balances(twente)["suspense"] == 10_00


def test_an_interim_report_is_never_booked(fund_iban):
    text = (
        f":20:X\n:25:{fund_iban.iban}\n:28C:1/1\n:34F:EUR0,\n:13D:2701050900+0100\n"
        ":61:2701050105C10,00NTRFNONREF\n:90D:0EUR0,\n:90C:1EUR10,00\n"
    )
    report = import_file(source=read_stream(BytesIO(text.encode()), name="x.sta"))
    assert [stored.left_out for stored in report.stored] == ["interim"]


def test_every_import_writes_one_audit_event_per_statement(receive, treasurer):
    receive(entry_xml("10.00"), by=treasurer)
    event = AuditEvent.objects.get(action="statement.imported")
    assert (event.actor, event.details["entries"]) == (treasurer, 1)


def test_a_long_statement_is_booked_in_parts_that_know_of_one_another(
    receive, twente, contribution, monkeypatch
):
    """In parts of two: the second payment of one request waits, and no part is held in full."""
    monkeypatch.setattr(booking, "PART", 2)
    sizes, post_many = [], ledger.post_many
    monkeypatch.setattr(
        ledger, "post_many", lambda asked: sizes.append(len(rows := list(asked))) or post_many(rows)
    )
    receive(
        entry_xml("2500.00", structured=contribution.reference),
        entry_xml("1.00"),
        entry_xml("2500.00", structured=contribution.reference, date="2027-01-06"),
        *(entry_xml(f"{n}.00", "DBIT", date="2027-01-07") for n in (7, 8, 9)),
    )
    assert sizes == [2, 1, 3, 1]
    assert balances(twente) == {
        "bank": 4977_00,
        f"employer-{contribution.employer_id}": 0,
        "pool": 2500_00,
        "suspense": 2501_00,
        "unexplained": 24_00,
    }
    outcome = check_ledger()
    assert [one.name for one in outcome if one.findings and one.name.startswith("facts:")] == []


def test_a_file_waits_in_little_room_and_comes_back_as_it_came():
    content = camt(statement_xml(*(entry_xml("10.00") for _ in range(400)))).getvalue()
    source = read_stream(BytesIO(content), name="long.xml")
    assert source.content == content
    assert len(source.packed) < len(content) / 20


def test_a_failure_halfway_leaves_no_trace(receive, twente, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(ledger, "post_many", fail)
    with pytest.raises(RuntimeError):
        receive(entry_xml("10.00"))
    assert not BankStatement.objects.exists()
    assert not BankEntry.objects.exists()
    assert not Deposit.objects.exists()


class TestUnproven:
    """A statement that does not add up is booked with a reason and by a second person only."""

    wrong = (entry_xml("10.00"),)
    balances = {"opening": "0.00", "closing": "11.00"}

    @pytest.fixture
    def source(self, fund_iban):
        return read_stream(
            camt(statement_xml(*self.wrong, iban=fund_iban.iban, **self.balances)), name="bad.xml"
        )

    def test_it_is_refused_and_nothing_is_stored(self, receive):
        with refuses("balance_not_proven") as refused:
            receive(*self.wrong, **self.balances)
        assert refused.value.params["difference_cents"] == 100
        assert not BankStatement.objects.exists()

    def test_a_wrong_control_sum_is_refused_with_its_line(self, receive):
        total = "<NbOfNtries>1</NbOfNtries><Sum>12.00</Sum>"
        summary = f"<TxsSummry><TtlCdtNtries>{total}</TtlCdtNtries></TxsSummry>"
        with refuses("control_total_wrong"):
            receive(entry_xml("10.00"), summary=summary)
        assert not BankStatement.objects.exists()

    def test_one_person_alone_cannot_accept_it(self, source, twente, treasurer):
        acceptance.accept(source=source, fund=twente, reason="bank confirms", by=treasurer)
        with refuses("same_person"):
            acceptance.accept(source=source, fund=twente, reason="again", by=treasurer)
        (held,) = import_file(source=source).held
        assert (held.code, held.params["difference_cents"]) == ("balance_not_proven", 100)
        assert not BankStatement.objects.exists()

    def test_two_treasurers_can_and_the_statement_says_so(
        self, source, twente, treasurer, second_treasurer
    ):
        acceptance.accept(source=source, fund=twente, reason="bank confirms", by=treasurer)
        acceptance.accept(source=source, fund=twente, reason="", by=second_treasurer)
        import_file(source=source)
        statement = BankStatement.objects.get()
        assert statement.balance_proven is False
        assert statement.acceptance.reason == "bank confirms"
        assert statement.acceptance.confirmed_by == second_treasurer

    def test_a_treasurer_of_another_region_cannot(self, source, twente, treasurer_of_drenthe):
        with refuses("not_treasurer"):
            acceptance.accept(source=source, fund=twente, reason="x", by=treasurer_of_drenthe)

    def test_the_database_refuses_one_person_twice(self, source, twente, treasurer):
        asked = acceptance.accept(source=source, fund=twente, reason="x", by=treasurer)
        with pytest.raises(Exception, match="acceptance_two_persons"), transaction.atomic():
            UnprovenAcceptance.objects.filter(pk=asked.pk).update(
                confirmed_by=treasurer, confirmed_at=asked.asked_at
            )


@pytest.mark.parametrize("model", [BankStatement, BankEntry])
def test_the_database_refuses_to_change_what_was_imported(receive, model):
    receive(entry_xml("10.00"))
    with pytest.raises(Exception, match="never changed"), transaction.atomic():
        model.objects.update(key="x")
    with pytest.raises(Exception, match="never changed"), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_the_bank_account_in_the_ledger_follows_the_statement(receive, twente, fund_iban):
    receive(entry_xml("1000.00"), entry_xml("400.00", "DBIT"), opening="50.00", closing="650.00")
    assert ledger.balance_cents(fund_iban.account) == 600_00
    assert ledger.balance_cents(accounts.suspense(twente)) == 1000_00
    assert Account.objects.get(code="unexplained").balance_cents == 400_00


def test_an_entry_without_any_date_is_not_booked(fund_iban):
    text = statement_xml(entry_xml("10.00"), iban=fund_iban.iban)
    for part in ("<CreDtTm>2027-01-05T20:00:00</CreDtTm>", "2027-01-05"):
        text = text.replace(part, "")
    source = read_stream(camt(text), name="undated.xml")
    with refuses("no_date"):
        import_file(source=source, fund=fund_iban.fund, by=None)
    assert not BankEntry.objects.exists()


def test_a_statement_that_names_our_account_without_an_iban_is_booked_on_it(twente):
    funds.add_iban(fund=twente, iban="NL87ABNA0534334164", holder_name="Fonds")
    source = read_source(case("mt940_abn_bban", "in.940"))
    report = import_file(source=source, fund=twente)
    assert (report.fresh_count, report.stored[0].left_out) == (1, "")
    (entry,) = report.stored[0].fresh
    assert (entry.remittance, entry.statement.fund_iban.iban) == (
        "RES.NR 00042",
        "NL87ABNA0534334164",
    )
    assert import_file(source=source, fund=twente).fresh_count == 0
