"""What a bank account held before the books joins a pool: once, by two people, never more."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from allocation.payouts import queue
from budgetpool.audit.models import AuditEvent
from budgetpool.bank import opening, opening_shares
from budgetpool.bank.models import OpeningShare
from budgetpool.fund import checks, funds, ledger
from budgetpool.fund.models import Account
from employers import accounts
from tests.fund.tampering import without_guards
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(fund_iban, treasurer, chair):
    """EUR 1,000 stood on the fund's account before the books began."""
    asked = opening.ask(
        account=fund_iban,
        amount_cents=1_000_00,
        starts_on=date(2027, 1, 1),
        reason="Yearly statement of 2026",
        by=treasurer,
    )
    return opening.approve(opening=asked, by=chair)


@pytest.fixture
def pool(twente):
    return accounts.general_pool(twente)


@pytest.fixture
def care(twente):
    """The pool of an earmark."""
    return ledger.open_account(
        fund=twente,
        kind=Account.Kind.POOL,
        code="pool-sector-q",
        earmark_column="sector",
        earmark_equals="Q",
    )


def place(opened, pool, treasurer, chair, cents=None):
    share = opening_shares.ask(
        opening=opened,
        account=pool,
        amount_cents=cents,
        reason="Minutes of 12 January",
        by=treasurer,
    )
    return opening_shares.approve(share=share, by=chair)


def waits(fund):
    return {stuck.code: stuck.count for stuck in queue.of(fund)}


def wrong_checks():
    return [outcome for outcome in checks.check_ledger() if not outcome.ok]


def test_its_parts_join_pools_and_nothing_is_left(twente, opened, pool, care, treasurer, chair):
    assert waits(twente) == {"openings_to_place": 1}
    place(opened, care, treasurer, chair, 200_00)
    assert waits(twente) == {"openings_to_place": 1}
    share = opening_shares.ask(opening=opened, account=pool, reason="The rest", by=treasurer)
    assert waits(twente) == {"opening_shares": 1}
    assert ledger.balance_cents(pool) == 0
    opening_shares.approve(share=share, by=chair)
    assert waits(twente) == {}
    assert (ledger.balance_cents(pool), ledger.balance_cents(care)) == (800_00, 200_00)
    assert ledger.balance_cents(opening.account_of(twente)) == 0
    assert wrong_checks() == []
    actions = AuditEvent.objects.filter(action__startswith="opening_share.").order_by("pk")
    assert [row.action for row in actions] == ["opening_share.asked", "opening_share.booked"] * 2


def test_never_more_than_it_was_also_while_a_part_waits(opened, pool, treasurer, chair):
    first = opening_shares.ask(
        opening=opened, account=pool, amount_cents=600_00, reason="x", by=treasurer
    )
    for cents in (400_01, 0, -5):
        with refuses("more_than_left"):
            opening_shares.ask(
                opening=opened, account=pool, amount_cents=cents, reason="x", by=treasurer
            )
    place(opened, pool, treasurer, chair, 400_00)
    with refuses("more_than_left"):
        opening_shares.ask(opening=opened, account=pool, reason="x", by=treasurer)
    opening_shares.withdraw(share=first, by=treasurer)
    place(opened, pool, treasurer, chair)
    assert ledger.balance_cents(pool) == 1_000_00


def test_one_person_alone_cannot_and_no_stranger_can(
    opened, pool, treasurer, chair, treasurer_of_drenthe
):
    facts = {"opening": opened, "account": pool, "reason": "x"}
    for stranger in (treasurer_of_drenthe, chair):
        with refuses("not_treasurer"):
            opening_shares.ask(**facts, by=stranger)
    share = opening_shares.ask(**facts, by=treasurer)
    with refuses("same_person"):
        opening_shares.approve(share=share, by=treasurer)
    for step in (opening_shares.approve, opening_shares.withdraw):
        with refuses("not_second"):
            step(share=share, by=treasurer_of_drenthe)
    with pytest.raises(IntegrityError, match="opening_share_two_persons"), transaction.atomic():
        OpeningShare.objects.filter(pk=share.pk).update(
            approved_by=treasurer, approved_at=timezone.now()
        )
    assert ledger.balance_cents(pool) == 0


def test_only_a_booked_balance_and_only_a_pool_of_the_fund(
    fund_iban, drenthe, opened, pool, treasurer, chair
):
    own = opening.account_of(fund_iban.fund)
    for account in (own, fund_iban.account, accounts.general_pool(drenthe)):
        with refuses("not_a_pool"):
            opening_shares.ask(opening=opened, account=account, reason="x", by=treasurer)
    with pytest.raises(ValidationError):
        opening_shares.ask(opening=opened, account=pool, reason="", by=treasurer)
    other = funds.add_iban(fund=fund_iban.fund, iban="NL39RABO0300065264", holder_name="Fonds")
    waits = opening.ask(
        account=other, amount_cents=5, starts_on=date(2027, 1, 1), reason="x", by=treasurer
    )
    with refuses("wrong_state"):
        opening_shares.ask(opening=waits, account=pool, reason="x", by=treasurer)


def test_it_is_booked_once_and_taken_back_once(opened, pool, care, treasurer, chair):
    share = place(opened, pool, treasurer, chair)
    for step in (opening_shares.approve, opening_shares.withdraw):
        with refuses("wrong_state"):
            step(share=share, by=chair)
    with pytest.raises(ValidationError):
        opening_shares.undo(share=share, reason=" ", by=treasurer)
    with refuses("not_treasurer"):
        opening_shares.undo(share=share, reason="It belongs to the earmark", by=chair)
    opening_shares.undo(share=share, reason="It belongs to the earmark", by=treasurer)
    with refuses("wrong_state"):
        opening_shares.undo(share=share, reason="again", by=treasurer)
    place(opened, care, treasurer, chair)
    assert (ledger.balance_cents(pool), ledger.balance_cents(care)) == (0, 1_000_00)
    assert wrong_checks() == []


def test_what_a_round_has_cannot_be_taken_back(twente, opened, pool, treasurer, chair):
    share = place(opened, pool, treasurer, chair)
    ledger.post(
        debit=pool,
        credit=ledger.open_account(fund=twente, kind=Account.Kind.ROUND, code="round-1"),
        amount=1,
        reference="round:1:ceiling",
        memo="ceiling",
    )
    with refuses("not_enough_money"):
        opening_shares.undo(share=share, reason="Wrong", by=treasurer)
    assert ledger.balance_cents(pool) == 999_99


def test_more_than_was_there_is_named_by_the_check(opened, pool, treasurer, chair):
    share = place(opened, pool, treasurer, chair, 400_00)
    more = OpeningShare.objects.filter(pk=share.pk)
    with pytest.raises(IntegrityError, match="keeps what was written"), transaction.atomic():
        more.update(amount_cents=2_000_00)
    with without_guards():
        more.update(amount_cents=2_000_00)
    told = [str(finding) for outcome in wrong_checks() for finding in outcome.findings]
    assert any(f"opening-share:{share.pk}:placed" in text for text in told)
    assert any(f"opening {opened.pk}" in text for text in told)
