"""Earmarks: pools that pay for matching requests only, with the limit that the board sets.

An employer earmarks a pledge, or a part of it by making two pledges. The rule of an earmark is
one column of a round's frame and the value that it must have, so that the optimiser spends the
pool on matching requests and on nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.bank.importing import lock_funds
from budgetpool.fund import ledger, seats
from budgetpool.fund.models import Account, Fund, Seat
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register.codes import EducationLevel, Sector
from budgetpool.users.models import User
from employers.models import Earmark
from employers.pledges import promising

# The columns of a round's frame that a pool may be tied to, with the values that each can have.
RULES: Final[dict[str, tuple[str | Promise, Sequence[tuple[str, str | Promise]]]]] = {
    "training_sector": (_("trainings of the sector"), Sector.choices),
    "sector": (_("people who work in the sector"), Sector.choices),
    "education": (_("people whose highest education is"), EducationLevel.choices),
    "first_timer": (_("people who had no training for two years"), [("yes", _("yes"))]),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One earmark: its limit, what is promised a year, and what is in the pool now."""

    earmark: Earmark
    promised_cents: int
    balance_cents: int

    @property
    def room_cents(self) -> int:
        """How much more may be earmarked a year, in cents."""
        return max(0, self.earmark.limit_cents - self.promised_cents)


@transaction.atomic
def set_up(
    *, fund: Fund, name: str, column: str, equals: str, limit_cents: int, by: User
) -> Earmark:
    """Open a pool for matching requests, with a limit to what may be earmarked a year.

    Args:
        column, equals: one of `RULES` and a value of it, such as `training_sector` and `H`.
        limit_cents: the most that all pledges together may earmark a year.

    Raises:
        NotBoard: no seat in the board of the fund's region.
        UnknownEarmarkRule: a rule that no round knows.
        EarmarkTaken: there is a pool with this rule.
        ValidationError: no name, or one that exists.
    """
    _require_board(by, fund)
    if equals not in dict(RULES.get(column, ("", ()))[1]):
        raise NotReady("unknown_earmark_rule", rule=f"{column} = {equals}")
    lock_funds([fund.pk])
    known = Earmark.objects.filter(
        fund=fund, account__earmark_column=column, account__earmark_equals=equals
    ).first()
    if known is not None:
        raise NotReady("earmark_taken", earmark=known.name)
    account = ledger.open_account(
        fund=fund,
        kind=Account.Kind.POOL,
        code=slugify(f"pool-{column}-{equals}".replace("_", "-")),
        name=name[:120],
        earmark_column=column,
        earmark_equals=equals,
    )
    earmark = Earmark(fund=fund, name=name, account=account, limit_cents=limit_cents, set_by=by)
    earmark.full_clean()
    earmark.save()
    _record(by, "earmark.set_up", earmark)
    return earmark


@transaction.atomic
def set_limit(*, earmark: Earmark, limit_cents: int, by: User) -> Earmark:
    """Change the most that may be earmarked a year; never below what is promised already.

    Raises:
        NotBoard: no seat in the board of the fund's region.
        LimitBelowPromised: more than the new limit is promised.
    """
    _require_board(by, earmark.fund)
    lock_funds([earmark.fund_id])
    fresh = Earmark.objects.select_related("fund__region", "account").get(pk=earmark.pk)
    promised = promising.earmarked_cents(fresh)
    if promised > limit_cents:
        raise NotReady("limit_below_promised", earmark=fresh.name, promised_cents=promised)
    fresh.limit_cents, fresh.set_by, fresh.set_at = limit_cents, by, timezone.now()
    fresh.full_clean()
    fresh.save()
    _record(by, "earmark.limit_changed", fresh)
    return fresh


def of_fund(fund: Fund) -> list[Standing]:
    """Every earmark of a fund with its figures, by name."""
    rows = Earmark.objects.filter(fund=fund).select_related("account", "fund")
    return [
        Standing(
            earmark,
            promising.earmarked_cents(earmark),
            earmark.account.balance_cents,
        )
        for earmark in rows
    ]


def rule_text(earmark: Earmark) -> str:
    """What the pool pays for, in words.

    >>> rule_text(Earmark(account=Account(earmark_column="training_sector", earmark_equals="H")))
    'trainings of the sector: transport and storage'
    """
    column, equals = earmark.account.earmark_column, earmark.account.earmark_equals
    words, values = RULES.get(column, (column, ()))
    return f"{words}: {dict(values).get(equals, equals)}"


def _require_board(by: User, fund: Fund) -> None:
    if not seats.holds(by, region=fund.region, roles={Seat.Role.BOARD}):
        raise NotAllowed("not_board", region=fund.region.name)


def _record(by: User, action: str, earmark: Earmark) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=earmark,
        region_code=earmark.fund.region.code,
        limit_cents=earmark.limit_cents,
    )
