"""Pledges in versions, their terms to the cent, requests asked once, reminders in business days."""

from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from budgetpool.mail.models import Message
from employers.deposits import reminders
from employers.models import (
    Contribution,
    ContributionRule,
    Earmark,
    Employer,
    EmployerIban,
    Pledge,
    Reminder,
)
from employers.pledges import promising, requests, workdays
from employers.pledges.terms import terms_until
from tests.bank.samples import entry_xml
from tests.refusing import refuses

FIXED = {
    "kind": "fixed",
    "amount_cents": 10_000_00,
    "schedule": "quarterly",
    "starts_on": date(2027, 1, 1),
}


class TestEmployers:
    @pytest.mark.parametrize("kvk", ["1234567", "123456789", "1234567a", "", "１２３４５６７８"])
    def test_a_kvk_number_has_eight_digits(self, db, kvk):
        with pytest.raises(ValidationError) as refused:
            Employer.objects.create(name="X", kvk=kvk)
        assert "kvk" in refused.value.message_dict
        assert not Employer.objects.exists()

    def test_the_database_refuses_another_kvk_number_too(self, employer):
        with pytest.raises(IntegrityError, match="employer_kvk_8_digits"), transaction.atomic():
            Employer.objects.filter(pk=employer.pk).update(kvk="1234567")

    def test_zeros_in_front_stay(self, db):
        assert Employer.objects.create(name="X", kvk="00000012").kvk == "00000012"


class TestTerms:
    def pledge(self, **fields):
        return Pledge(**{**FIXED, **fields})

    def test_a_year_is_divided_to_the_cent_the_first_terms_carry_the_rest(self):
        pledge = self.pledge(amount_cents=100_02)
        amounts = [term.amount_cents for term in terms_until(pledge, date(2027, 12, 31))]
        assert amounts == [2501, 2501, 2500, 2500]
        assert sum(amounts) == 100_02

    def test_a_percentage_of_the_payroll_rounds_half_a_cent_up(self):
        pledge = self.pledge(
            kind="payroll", amount_cents=None, basis_points=120, payroll_cents=1_000_000_00
        )
        assert pledge.year_cents == 12_000_00
        pledge.payroll_cents, pledge.basis_points = 125, 20
        assert pledge.year_cents == 0
        pledge.payroll_cents = 250
        assert pledge.year_cents == 1

    def test_an_amount_per_worker_is_multiplied(self):
        pledge = self.pledge(kind="per_worker", amount_cents=150_00, workers_count=40)
        assert pledge.year_cents == 6_000_00

    def test_months_of_different_length_follow_each_other_without_gap(self):
        pledge = self.pledge(schedule="monthly", starts_on=date(2027, 1, 31))
        terms = list(terms_until(pledge, date(2027, 6, 30)))
        assert [term.start for term in terms][:3] == [
            date(2027, 1, 31),
            date(2027, 2, 28),
            date(2027, 3, 31),
        ]
        for before, after in pairwise(terms):
            assert (after.start - before.end).days == 1

    def test_a_pledge_that_ended_has_no_more_terms(self):
        pledge = self.pledge(ends_on=date(2027, 6, 30))
        assert len(list(terms_until(pledge, date(2030, 1, 1)))) == 2


@pytest.mark.django_db
class TestPledges:
    def test_a_change_is_a_new_version(self, pledge, manager):
        changed = promising.change(pledge=pledge, by=manager, **{**FIXED, "amount_cents": 1_00})
        assert (changed.number, changed.version) == (1, 2)
        assert Pledge.objects.count() == 2
        with refuses("wrong_state"):
            promising.change(pledge=pledge, by=manager, **FIXED)

    @pytest.mark.parametrize("who", ["viewer", "payer", "other_manager", "treasurer", "stranger"])
    def test_only_a_manager_of_the_employer_promises(self, request, who, employer, twente):
        with refuses("no_role"):
            promising.promise(
                employer=employer, fund=twente, by=request.getfixturevalue(who), **FIXED
            )

    @pytest.mark.parametrize("cents", [0, -1, None])
    def test_an_amount_is_more_than_zero(self, employer, twente, manager, cents):
        with pytest.raises(ValidationError):
            promising.promise(
                employer=employer, fund=twente, by=manager, **{**FIXED, "amount_cents": cents}
            )
        assert not Pledge.objects.exists()

    def test_the_board_limits_what_can_be_earmarked(self, employer, twente, manager, chair):
        pool = ledger.open_account(
            fund=twente,
            kind=Account.Kind.POOL,
            code="pool-bouw",
            earmark_column="sector",
            earmark_equals="F",
        )
        earmark = Earmark.objects.create(
            fund=twente, name="bouw", account=pool, limit_cents=15_000_00, set_by=chair
        )
        terms = {**FIXED, "earmark": earmark}
        promising.promise(employer=employer, fund=twente, by=manager, **terms)
        with refuses("earmark_full"):
            promising.promise(employer=employer, fund=twente, by=manager, **terms)
        assert Pledge.objects.count() == 1

    def test_a_rule_for_its_own_sector_needs_an_earmark(self, employer, twente, manager):
        rule = ContributionRule.objects.create(
            code="bouw",
            name="Cao Bouw",
            kind="payroll",
            basis_points=20,
            other_sectors_allowed=False,
            valid_from=date(2027, 1, 1),
        )
        with refuses("rule_needs_earmark"):
            promising.promise(employer=employer, fund=twente, by=manager, **FIXED, rule=rule)


@pytest.mark.django_db
class TestRequests:
    def test_each_term_is_asked_once_however_often_the_command_runs(self, pledge, twente):
        for _ in range(2):
            call_command("ask_contributions", day=date(2027, 7, 1), json=True)
        asked = Contribution.objects.all()
        assert [row.period_start.month for row in asked] == [1, 4, 7]
        assert {row.amount_cents for row in asked} == {2_500_00}
        assert len({row.reference for row in asked}) == 3

    def test_a_new_version_asks_nothing_twice(self, pledge, twente, manager):
        requests.ask_due(fund=twente, day=date(2027, 4, 1))
        promising.change(pledge=pledge, by=manager, **{**FIXED, "amount_cents": 20_000_00})
        (third,) = requests.ask_due(fund=twente, day=date(2027, 7, 1))
        assert third.amount_cents == 5_000_00

    def test_a_dry_run_asks_nothing(self, pledge):
        call_command("ask_contributions", day=date(2027, 7, 1), dry_run=True)
        assert not Contribution.objects.exists()
        assert not Message.objects.exists()

    def test_an_earmarked_payment_joins_its_own_pool(
        self, employer, twente, manager, chair, receive
    ):
        pool = ledger.open_account(
            fund=twente,
            kind=Account.Kind.POOL,
            code="pool-bouw",
            earmark_column="sector",
            earmark_equals="F",
        )
        earmark = Earmark.objects.create(
            fund=twente, name="bouw", account=pool, limit_cents=15_000_00, set_by=chair
        )
        promising.promise(employer=employer, fund=twente, by=manager, **FIXED, earmark=earmark)
        (asked,) = requests.ask_due(fund=twente, day=date(2027, 1, 1))
        receive(entry_xml("2500.00", structured=asked.reference))
        assert ledger.balance_cents(pool) == 2_500_00

    def test_what_was_paid_cannot_be_withdrawn(self, contribution, receive, treasurer):
        receive(entry_xml("1.00", structured=contribution.reference))
        with refuses("contribution_paid"):
            requests.withdraw(contribution=contribution, reason="x", by=treasurer)

    def test_the_request_goes_to_those_who_pay(self, manager, payer, viewer, contribution):
        to = set(Message.objects.values_list("to", flat=True))
        assert to == {manager.email, payer.email}
        message = Message.objects.first()
        assert message.params["amount_cents"] == 2_500_00


@pytest.mark.django_db
class TestReminders:
    def test_a_reminder_goes_out_a_week_and_three_weeks_late_and_never_again(self, contribution):
        fund, due = contribution.fund, contribution.due_on
        sent = []
        for days in range(1, 40):
            day = workdays.add_business_days(due, days)
            for late, number in reminders.due(fund, day):
                assert reminders.send(late, number)
                sent.append((days, number))
        assert sent == [(5, 1), (15, 2)]
        assert Message.objects.filter(kind="contribution_reminder").count() == 2

    def test_the_same_reminder_is_sent_once(self, contribution):
        assert reminders.send(contribution, 1)
        assert not reminders.send(contribution, 1)
        assert Reminder.objects.count() == 1

    def test_who_paid_is_not_reminded(self, contribution, receive):
        receive(entry_xml("2500.00", structured=contribution.reference))
        assert reminders.due(contribution.fund, date(2027, 12, 1)) == []

    @pytest.mark.parametrize(
        ("euros", "facts", "is_reminded"),
        [
            ("2500.00", {"name": "De Zaak", "iban": "NL20INGB0001234567"}, False),
            ("100.00", {"name": "X", "iban": "NL20INGB0001234567"}, False),
            ("2500.00", {"name": "Y", "iban": "NL39RABO0300065264"}, True),
        ],
    )
    def test_whose_money_waits_in_suspense_is_not_reminded(
        self, contribution, employer, receive, euros, facts, is_reminded
    ):
        other = EmployerIban.objects.filter(employer=employer)
        other.delete()
        requests.ask(
            employer=employer,
            fund=contribution.fund,
            amount_cents=2500_00,
            period_start=date(2027, 4, 1),
            period_end=date(2027, 6, 30),
            day=date(2027, 1, 4),
        )
        EmployerIban.objects.create(employer=employer, iban="NL20INGB0001234567")
        receive(entry_xml(euros, **facts))
        due = reminders.due(contribution.fund, date(2027, 12, 1))
        assert bool(due) is is_reminded

    def test_a_slip_in_the_reference_keeps_the_reminder_back(self, contribution, receive):
        wrong = contribution.reference[:-1] + ("1" if contribution.reference[-1] != "1" else "2")
        receive(entry_xml("2500.00", remittance=f"bijdrage {wrong}", iban="", name=""))
        assert reminders.due(contribution.fund, date(2027, 12, 1)) == []

    def test_nobody_is_reminded_before_a_statement_tells_of_the_last_day(
        self, contribution, receive
    ):
        fund, due = contribution.fund, contribution.due_on
        day = {"opening": "0.00", "closing": "1.00"}
        receive(entry_xml("1.00", date="2027-01-05"), day="2027-01-05", **day)
        later = workdays.add_business_days(due, 5)
        assert reminders.due(fund, later) == []
        receive(id="S-9", day=due.isoformat(), opening="5.00", closing="5.00")
        assert reminders.due(fund, later) == []  # the file waits: a statement is missing
        receive(
            entry_xml("4.00", date="2027-01-06"),
            id="S-2",
            day="2027-01-06",
            opening="1.00",
            closing="5.00",
        )
        assert [row for row, _number in reminders.due(fund, later)] == [contribution]


class TestBusinessDays:
    def test_weekends_and_holidays_do_not_count(self):
        assert workdays.add_business_days(date(2027, 3, 25), 1) == date(2027, 3, 30)
        assert workdays.add_business_days(date(2026, 12, 24), 1) == date(2026, 12, 28)

    @pytest.mark.parametrize(
        ("year", "easter"),
        [
            (2024, date(2024, 3, 31)),
            (2025, date(2025, 4, 20)),
            (2026, date(2026, 4, 5)),
            (2027, date(2027, 3, 28)),
            (2038, date(2038, 4, 25)),
        ],
    )
    def test_easter_falls_where_the_calendar_says(self, year, easter):
        assert workdays.easter_sunday(year) == easter

    def test_the_kings_day_moves_from_a_sunday_to_saturday(self):
        assert date(2025, 4, 26) in workdays.holidays(2025)
        assert date(2027, 4, 27) in workdays.holidays(2027)

    def test_liberation_day_counts_once_in_five_years(self):
        assert date(2025, 5, 5) in workdays.holidays(2025)
        assert date(2027, 5, 5) not in workdays.holidays(2027)


@pytest.mark.django_db
class TestRules:
    def test_the_known_rules_load_twice_without_harm(self):
        for _ in range(2):
            call_command("load_contribution_rules")
        assert sorted(ContributionRule.objects.values_list("basis_points", flat=True)) == [20, 120]

    def test_a_file_with_one_bad_rule_loads_nothing(self, tmp_path):
        path = tmp_path / "rules.json"
        path.write_text(
            '[{"code": "a", "name": "A", "kind": "payroll", "basis_points": 10,'
            ' "valid_from": "2027-01-01"}, {"code": "b", "name": "B", "percent": 1}]'
        )
        with pytest.raises(CommandError, match="2"):
            call_command("load_contribution_rules", path)
        assert not ContributionRule.objects.exists()
