"""The ledger against a dict: whatever is asked in whatever order, both tell the same."""

import hypothesis.strategies as st
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Account, Fund, Region, Transfer
from budgetpool.refusals import Refusal

KINDS = ["bank", "employer", "pool", "round", "provider"]
FREE = "bank"
ASSETS = {"bank", "provider"}

kinds = st.sampled_from(KINDS)
cents = st.integers(min_value=-3, max_value=120)
entries = st.lists(st.tuples(kinds, kinds, cents), min_size=1, max_size=5)


class Model:
    """The rules in a few lines: balances by kind of account, and what was posted when."""

    def __init__(self):
        self.balances = dict.fromkeys(KINDS, 0)
        self.posted = {}
        self.past = []

    def carry_out(self, wanted):
        """The balances and postings after all of `wanted`, or None where one is refused."""
        balances, posted = dict(self.balances), dict(self.posted)
        for reference, debit, credit, amount, memo in wanted:
            if amount <= 0 or debit == credit:
                return None
            if reference in posted:
                if posted[reference] != (debit, credit, amount, memo):
                    return None
                continue
            balances[debit] += amount if debit in ASSETS else -amount
            balances[credit] += amount if credit not in ASSETS else -amount
            if any(balance < 0 for kind, balance in balances.items() if kind != FREE):
                return None
            posted[reference] = (debit, credit, amount, memo)
        return balances, posted


class LedgerMachine(RuleBasedStateMachine):
    @initialize()
    def open_books(self):
        self.books = transaction.atomic()
        self.books.__enter__()
        region = Region.objects.create(code="R", name="R", slug="r", valid_from=2015)
        fund = Fund.objects.create(region=region, name="Fund")
        self.accounts = {
            kind: ledger.open_account(fund=fund, kind=Account.Kind(kind), code=kind)
            for kind in KINDS
        }
        self.model = Model()
        self.count = 0

    def ask(self, wanted):
        after = self.model.carry_out(wanted)
        try:
            ledger.post_many(
                ledger.Entry(
                    debit=self.accounts[debit],
                    credit=self.accounts[credit],
                    amount=amount,
                    reference=reference,
                    memo=memo,
                )
                for reference, debit, credit, amount, memo in wanted
            )
        except Refusal:
            assert after is None
        else:
            assert after is not None
            self.model.balances, self.model.posted = after
            self.model.past.append((timezone.now(), dict(self.model.balances)))

    def number(self):
        self.count += 1
        return f"r:{self.count}"

    @rule(amount=st.integers(min_value=1, max_value=200))
    def deposit(self, amount):
        self.ask([(self.number(), "bank", "employer", amount, "deposit")])

    @rule(wanted=entries)
    def post_new(self, wanted):
        self.ask([(self.number(), *entry, "test") for entry in wanted])

    @precondition(lambda self: self.model.posted)
    @rule(data=st.data(), change=st.sampled_from([0, 0, 1]))
    def ask_again(self, data, change):
        reference = data.draw(st.sampled_from(sorted(self.model.posted)))
        debit, credit, amount, memo = self.model.posted[reference]
        self.ask([(reference, debit, credit, amount + change, memo)])

    @precondition(lambda self: self.model.posted)
    @rule(data=st.data())
    def correct(self, data):
        reference = data.draw(st.sampled_from(sorted(self.model.posted)))
        debit, credit, amount, _ = self.model.posted[reference]
        wanted = [(f"{reference}:corrected", credit, debit, amount, "correction")]
        after = self.model.carry_out(wanted)
        try:
            ledger.correct(transfer=Transfer.objects.get(reference=reference), note="a mistake")
        except Refusal:
            assert after is None
        else:
            self.model.balances, self.model.posted = after
            self.model.past.append((timezone.now(), dict(self.model.balances)))

    @invariant()
    def balances_are_those_of_the_model(self):
        for kind, account in self.accounts.items():
            assert ledger.balance_cents(account) == self.model.balances[kind]

    @precondition(lambda self: self.model.past)
    @rule(data=st.data())
    def a_past_balance_is_what_it_was(self, data):
        moment, balances = data.draw(st.sampled_from(self.model.past))
        for kind, account in self.accounts.items():
            assert ledger.balance_cents(account, moment) == balances[kind]

    def teardown(self):
        if not hasattr(self, "books"):
            return
        try:
            assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []
        finally:
            transaction.set_rollback(True)
            self.books.__exit__(None, None, None)


class TestLedgerAgainstTheModel(LedgerMachine.TestCase, TestCase):
    settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
