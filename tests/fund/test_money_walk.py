"""Posts the tables of docs/money-walk.md and compares every balance."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from budgetpool.fund import checks, ledger
from budgetpool.fund.memos import MEMOS
from budgetpool.fund.models import Account, Transfer

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "money-walk.md"
TRANSFERS = "| debit | credit | amount | reference | memo |"
BALANCES = "| account | balance |"


def cents(text):
    whole, parts = re.fullmatch(r"EUR ([\d,]+)\.(\d\d)", text).groups()
    return int(whole.replace(",", "")) * 100 + int(parts)


def tables():
    """Each table of the page as its heading and its rows."""
    blocks = re.findall(r"(?:^\|.*\n)+", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    for block in blocks:
        head, _, *rows = block.strip().splitlines()
        yield head, [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def accounts_of(fund, code):
    kind = code.split("-")[0]
    return ledger.open_account(fund=fund, kind=Account.Kind(kind), code=code)


@pytest.mark.django_db
def test_the_money_walks_as_the_page_says(twente):
    walk = [table for table in tables() if table[0] in {TRANSFERS, BALANCES}]
    assert len(walk) == 20
    assert all(one[0] != other[0] for one, other in pairwise(walk))
    for head, rows in walk:
        if head == TRANSFERS:
            for debit, credit, amount, reference, memo in rows:
                assert memo in MEMOS
                if reference.endswith(":corrected"):
                    wrong = Transfer.objects.get(reference=reference.removesuffix(":corrected"))
                    back = ledger.correct(transfer=wrong, note="Another employer")
                    assert (back.debit.code, back.credit.code) == (debit, credit)
                    assert (back.reference, back.amount_cents) == (reference, cents(amount))
                    continue
                ledger.post(
                    debit=accounts_of(twente, debit),
                    credit=accounts_of(twente, credit),
                    amount=cents(amount),
                    reference=reference,
                    memo=memo,
                )
        else:
            shown = {account: cents(amount) for account, amount in rows}
            assert shown == {
                code: ledger.balance_cents(accounts_of(twente, code)) for code in shown
            }
    assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []
