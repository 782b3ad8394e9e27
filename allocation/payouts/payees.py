"""Bank accounts that may be paid to: entered by one, verified by another, and then a day's wait.

At each change the old contact hears that another account was entered, and everybody else of the
fund hears that it was verified, so that two people who work together are seen by a third.
"""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from allocation.models import Payee
from allocation.payouts import payee_letters, warnings
from budgetpool.audit import trail
from budgetpool.bank import name_check
from budgetpool.fund import second_person
from budgetpool.fund.iban import clean_iban
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from workers.models import Worker

STEP: Final = "payee"
# What was seen long ago says nothing about today.
EVIDENCE_DAYS: Final = 90
# "ok", "checked" and "looks good" say nothing; a sentence does.
FEWEST_WORDS: Final = 4


def enter(
    *,
    fund: Fund,
    iban: str,
    holder_name: str,
    actor: User,
    provider: Provider | None = None,
    worker: Worker | None = None,
    answer: str = "",
) -> Payee:
    """Write down a provider's or a worker's bank account; an earlier one ends.

    Entering the account that is in use already changes nothing.

    Args:
        answer: why the account is right all the same, where the fund warns of something.

    Raises:
        NotAllowed: `not_treasurer`; `own_interest`: one's own account, or one's own school's.
        NotReady: `own_iban`: a fund's own account; `warnings_unanswered` with `warnings`, in
            words; `too_few_words`.
        ValidationError: no valid IBAN, or neither provider nor worker.
    """
    second_person.require_first(STEP, by=actor, fund=fund)
    payee = Payee(
        fund=fund,
        provider=provider,
        worker=worker,
        iban=clean_iban(iban),
        holder_name=" ".join(holder_name.split()),
        entered_by=actor,
    )
    if provider is not None or worker is not None:
        require_no_interest(actor, payee)
        warnings.refuse_own(payee.iban)
        _check_name(payee)
        payee.warnings = " ".join(warnings.find(payee))
    payee.entered_answer = _answered(payee, answer)
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=fund.pk)
        present = current(fund=fund, provider=provider, worker=worker)
        if present is not None:
            if _is_same(present, payee):
                return present
            present.ended_at = timezone.now()
            present.save()
        payee.full_clean()
        payee.save()
        _record(actor, "payee.entered", payee)
        payee_letters.tell_contact(payee, before=present)
    return payee


def verify(
    *, payee: Payee, evidence: str, seen_on: date, how: str, actor: User, answer: str = ""
) -> Payee:
    """A second person says what they saw, and when, that proves the account to be the payee's.

    The wait of a day counts from now. What the fund warns of is looked for anew, and who entered
    the account enters it again where something came up since.

    Args:
        evidence: a kind of `Payee.Evidence`.
        seen_on: the day on which it was seen or heard.
        how: from whom, and what: a sentence.
        answer: why the account is right all the same, where the fund warns of something.

    Raises:
        NotAllowed: `not_second`; `same_person` as entered it; `own_interest`.
        NotReady: `payee_ended`; `evidence_unknown`; `evidence_date` after today or more than 90
            days ago; `how_missing`; `too_few_words`; `warnings_unanswered`; `warnings_new`;
            `own_iban`; `nobody_to_tell`.
    """
    with transaction.atomic():
        fresh = _locked(payee)
        second_person.require_second(STEP, by=actor, fund=fresh.fund, first=fresh.entered_by_id)
        require_no_interest(actor, fresh)
        if fresh.ended_at is not None:
            raise NotReady("payee_ended", payee=payee.pk)
        if fresh.verified_at is not None:
            return fresh
        _require_evidence(evidence, seen_on)
        if not how.strip():
            raise NotReady("how_missing", payee=payee.pk)
        _require_words(how)
        warnings.refuse_own(fresh.iban)
        _check_name(fresh)
        new = [code for code in warnings.find(fresh) if code not in fresh.warning_codes]
        if new:
            raise NotReady("warnings_new", warnings=_words_of(new), who=str(fresh.entered_by))
        fresh.verified_answer = _answered(fresh, answer)
        fresh.verified_by, fresh.verified_at = actor, timezone.now()
        fresh.evidence, fresh.evidence_on, fresh.verified_how = evidence, seen_on, how.strip()
        fresh.full_clean()
        fresh.save()
        _record(actor, "payee.verified", fresh)
        payee_letters.tell_others(fresh)
    return fresh


def current(
    *, fund: Fund, provider: Provider | None = None, worker: Worker | None = None
) -> Payee | None:
    """The account in use, verified or not."""
    return Payee.objects.filter(
        fund=fund, provider=provider, worker=worker, ended_at__isnull=True
    ).first()


def in_use(fund: Fund, words: str = "") -> QuerySet[Payee]:
    """The accounts that a fund may pay to, or shall once they are verified.

    Args:
        words: a part of the holder's or the provider's name, or of the account's number.
    """
    rows = Payee.objects.filter(fund=fund, ended_at__isnull=True).select_related("provider")
    if not words.strip():
        return rows
    name, number = words.strip(), "".join(words.split()).upper()
    named = Q(holder_name__icontains=name) | Q(provider__name__icontains=name)
    return rows.filter(named | Q(iban__contains=number))


def before(payee: Payee) -> Payee | None:
    """The account that was in use before this one."""
    rows = Payee.objects.filter(
        fund=payee.fund_id, provider=payee.provider_id, worker=payee.worker_id, pk__lt=payee.pk
    )
    return rows.exclude(iban="").order_by("-pk").first()


def require_no_interest(actor: User, payee: Payee) -> None:
    """Refuse who is paid, or works for the school that is paid.

    Raises:
        NotAllowed: `own_interest`.
    """
    if actor.pk in {person.pk for person in warnings.people_of(payee)}:
        raise NotAllowed("own_interest", payee=payee.pk)


def require_usable(payee: Payee) -> None:
    """Refuse an account to which no money may go yet.

    Raises:
        NotReady: `payee_ended`, `payee_not_verified`, or `payee_waits` with `until`.
    """
    if payee.ended_at is not None:
        raise NotReady("payee_ended", payee=payee.pk)
    if payee.usable_from is None:
        raise NotReady("payee_not_verified", payee=payee.pk)
    if timezone.now() < payee.usable_from:
        raise NotReady("payee_waits", payee=payee.pk, until_at=payee.usable_from.isoformat())


def _require_evidence(evidence: str, seen_on: date) -> None:
    if evidence not in Payee.Evidence.values or evidence == Payee.Evidence.OLD:
        raise NotReady("evidence_unknown")
    today = timezone.localdate()
    if not today - timedelta(days=EVIDENCE_DAYS) <= seen_on <= today:
        raise NotReady("evidence_date", days=EVIDENCE_DAYS)


def _require_words(text: str) -> None:
    words = [word for word in text.split() if any(sign.isalpha() for sign in word)]
    if len(words) < FEWEST_WORDS:
        raise NotReady("too_few_words", words=FEWEST_WORDS)


def _answered(payee: Payee, answer: str) -> str:
    """The answer to the warnings, in words; empty where there is nothing to answer."""
    if not payee.warnings:
        return ""
    if not answer.strip():
        raise NotReady("warnings_unanswered", warnings=_words_of(payee.warning_codes))
    _require_words(answer)
    return answer.strip()


def _words_of(codes: list[str]) -> str:
    return " ".join(str(warnings.WORDS[code]) for code in codes)


def _is_same(present: Payee, payee: Payee) -> bool:
    """Whether entering an account changes nothing: also what it warns of is answered already."""
    same = (present.iban, present.holder_name) == (payee.iban, payee.holder_name)
    answered = present.verified_at or set(payee.warning_codes) <= set(present.warning_codes)
    return same and bool(answered)


def _check_name(payee: Payee) -> None:
    """Ask the payee's bank whether it knows the account by this name."""
    answer = name_check.ask(iban=payee.iban, name=payee.holder_name)
    if answer is not None:
        payee.name_check, payee.name_suggestion = answer.result, answer.suggestion
        payee.name_checked_at = timezone.now()


def _locked(payee: Payee) -> Payee:
    return (
        Payee.objects.select_for_update(of=("self",))
        .select_related("fund__region", "provider", "worker__user")
        .get(pk=payee.pk)
    )


def _record(actor: User, action: str, payee: Payee) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=payee,
        region_code=payee.fund.region.code,
        provider=payee.provider_id,
        worker=payee.worker_id,
        warnings=payee.warning_codes,
        name_check=payee.name_check,
        evidence=payee.evidence or "",
    )
