"""What an opening balance is meant for, on the page of the bank accounts: its pools, two people."""

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from budgetpool.bank import opening_shares
from budgetpool.bank.models import OpeningBalance, OpeningShare
from budgetpool.fund import second_person
from budgetpool.fund.models import Account, Fund
from budgetpool.money import to_cents
from budgetpool.portals.access import person
from budgetpool.portals.components import numbers
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.treasurer.forms import OpeningShareForm, UndoForm
from budgetpool.portals.treasurer.sections import REFUSALS, Button, Section, attempt, facts_of
from budgetpool.refusals import NotAllowed
from employers import accounts

GENERAL: Final = "pool"
STEPS: Final = ("share", "agree", "forgo", "unshare")
type ShareForm = OpeningShareForm | UndoForm


def act(request: HttpRequest, fund: Fund, step: str, key: int) -> ShareForm | None:
    """Do what a button says; a form that has to be looked at again, or None."""
    by = person(request)
    if step == "share":
        opened = get_object_or_404(OpeningBalance, fund_iban__fund=fund, pk=key)
        return _ask(request, fund, opened)
    share = get_object_or_404(OpeningShare, opening__fund_iban__fund=fund, pk=key)
    if step == "agree":
        attempt(request, lambda: opening_shares.approve(share=share, by=by), _("It is booked."))
    elif step == "forgo":
        attempt(request, lambda: opening_shares.withdraw(share=share, by=by), _("It is withdrawn."))
    else:
        form = UndoForm(request.POST, prefix=f"share-{share.opening_id}-undo")
        if not form.is_valid():
            return form
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: opening_shares.undo(share=share, reason=reason, by=by),
            _("It is undone."),
        )
    return None


def sections(
    opened: OpeningBalance,
    waiting: list[OpeningShare],
    here: str,
    may_ask: bool,
    forms: Mapping[str, object],
) -> list[Section]:
    """What stands and what waits of one opening balance, and what is left to say.

    Args:
        waiting: its shares that wait for a second person.
        forms: those that have to be looked at again, by their button.
    """
    left = opening_shares.left_cents(opened)
    stands = list(opening_shares.booked(opened))
    found = [_to_approve(share, here) for share in waiting]
    if may_ask and left:
        form = forms.get(f"share-{opened.pk}") or OpeningShareForm(
            prefix=f"share-{opened.pk}", choices=_choices(opened.fund_iban.fund)
        )
        assert isinstance(form, OpeningShareForm)
        found.append(
            Section(
                _("What the opening balance of %(account)s is for") % {"account": opened.fund_iban},
                _("%(amount)s is in no pool yet, so no round can divide it.")
                % {"amount": numbers.euros_exact(left)},
                form=form,
                action=here,
                buttons=[Button(_("Ask for approval"), verb=f"share-{opened.pk}")],
            )
        )
    if stands:
        found.append(_stands(opened, stands, here, may_ask, forms))
    return found


def _ask(request: HttpRequest, fund: Fund, opened: OpeningBalance) -> ShareForm | None:
    form = OpeningShareForm(request.POST, prefix=f"share-{opened.pk}", choices=_choices(fund))
    if not form.is_valid():
        return form
    said = form.cleaned_data
    try:
        opening_shares.ask(
            opening=opened,
            account=_pool(fund, said["pool"]),
            amount_cents=to_cents(said["amount"]) if said["amount"] else None,
            reason=said["reason"],
            by=person(request),
        )
    except NotAllowed as error:
        messages.error(request, say(error))
    except REFUSALS as error:
        form.add_error("amount", say(error))
        return form
    return None


def _choices(fund: Fund) -> list[tuple[str, str]]:
    """The general pool, which may not be opened yet, and those of earmarks."""
    earmarked = _earmarked(fund).values_list("code", "name")
    return [(GENERAL, _("The general pool")), *((code, name or code) for code, name in earmarked)]


def _earmarked(fund: Fund) -> QuerySet[Account]:
    pools = Account.objects.filter(fund=fund, kind=Account.Kind.POOL)
    return pools.exclude(earmark_column="").order_by("name", "pk")


def _pool(fund: Fund, code: str) -> Account:
    return accounts.general_pool(fund) if code == GENERAL else _earmarked(fund).get(code=code)


def _name(account: Account) -> str:
    return str(account) if account.earmark_column else _("The general pool")


def _to_approve(share: OpeningShare, here: str) -> Section:
    return Section(
        _("What the opening balance of %(account)s is for") % {"account": share.opening.fund_iban},
        _("It is approved by %(who)s.") % {"who": second_person.who(opening_shares.STEP)},
        facts=facts_of(
            [
                [_("Amount"), numbers.euros_exact(share.amount_cents)],
                [_("Pool"), _name(share.account)],
                [_("Where it is written"), share.reason],
                [_("Entered by"), share.asked_by],
            ]
        ),
        action=here,
        buttons=[
            Button(_("Put it into the pool"), verb=f"agree-{share.pk}"),
            Button(_("Withdraw"), verb=f"forgo-{share.pk}", kind="secondary"),
        ],
    )


def _stands(
    opened: OpeningBalance,
    stands: list[OpeningShare],
    here: str,
    may_ask: bool,
    forms: Mapping[str, object],
) -> Section:
    rows = [
        [
            _name(share.account),
            share.reason,
            share.asked_by,
            share.approved_by,
            numbers.euros_exact(share.amount_cents),
        ]
        for share in stands
    ]
    columns = [
        Column(_("Pool")),
        Column(_("Where it is written"), long=True),
        Column(_("Entered by")),
        Column(_("Approved by")),
        Column(_("Amount"), numeric=True),
    ]
    wrong = [forms.get(f"unshare-{share.pk}") for share in stands]
    again = next((form for form in wrong if isinstance(form, UndoForm)), None)
    form = again or UndoForm(prefix=f"share-{opened.pk}-undo")
    return Section(
        _("Opening balance of %(account)s, in the pools") % {"account": opened.fund_iban},
        table=Table(columns, rows),
        form=form if may_ask else None,
        action=here if may_ask else "",
        buttons=[
            Button(
                _("Undo: %(what)s, %(amount)s")
                % {
                    "what": _name(share.account),
                    "amount": numbers.euros_exact(share.amount_cents),
                },
                verb=f"unshare-{share.pk}",
                kind="secondary",
            )
            for share in stands
        ]
        if may_ask
        else [],
    )
