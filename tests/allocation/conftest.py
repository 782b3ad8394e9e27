"""A small world for rounds: money in the pool, a rule, a window that closed, seven people."""

from datetime import date, timedelta

from allocation import rounds
from allocation.rules import policies
from budgetpool.fund import funds, ledger
from budgetpool.fund.models import Account
from budgetpool.register.models import Edition, Provider, Training
from tests.allocation.people import ask, euros
from tests.cast import draw, lotto, make_window, make_worker
from tests.sharing import shared

RULES = {
    **policies.STANDARD,
    "coverage": None,
    "coverage_cap": "1",
    "cap": [],
    "floor": [],
}
RULES.pop("coverage")


@shared
def rich_fund(twente):
    """Twente's fund with EUR 10,000 in its pool and a legal rule to give it by."""
    funds.open_fund(region=twente.region, name=twente.name)
    twente.rule_name = "Reglement Scholingsfonds Twente"
    twente.save()
    put_in(twente, 1_000_000)
    return twente


def put_in(fund, cents, reference="fill"):
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")
    ledger.post(debit=bank, credit=pool, amount=cents, reference=reference, memo="deposit")


@shared
def pool(rich_fund):
    return Account.objects.get(fund=rich_fund, code="pool")


@shared
def policy(rich_fund, chair):
    return policies.new_version(fund=rich_fund, name="Rule", rules=RULES, member=chair)


@shared
def closed_window(rich_fund):
    return make_window(rich_fund, opens=-14, closes=-1)


@shared
def draft(closed_window, policy, chair):
    """Round 2027-1: EUR 2,000 to divide, EUR 500 for objections."""
    return rounds.draft(
        window=closed_window,
        policy=policy,
        ceiling=euros(2_000),
        reserve=euros(500),
        draw=lotto(closed_window),
        member=chair,
    )


@shared
def opened(draft, chair):
    before = draft.window.opens_at - timedelta(days=1)
    return rounds.open(round=draft, member=chair, at=before)


@shared
def welding(db):
    provider = Provider.objects.create(
        name="Lasschool", kvk="90000009", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )
    return Training.objects.create(
        provider=provider, title="Lassen", sector="C", outcome="diploma", price="600.00"
    )


@shared
def edition(welding):
    return Edition.objects.create(training=welding, starts_on=date(2027, 3, 1), seats=10)


@shared
def requests(opened, edition):
    """Five equal people ask EUR 600 for the same course, two others have fewer points.

    With EUR 2,000 three of the five get it, and which three is for the lots to say.
    """
    fund, window = opened.fund, opened.window
    alike = [make_worker(f"Equal {letter}", fund) for letter in "ABCDE"]
    others = [
        make_worker("Trained Tara", fund, education="hbo", training_hours_two_years=80),
        make_worker("Student Stan", fund, education="wo", training_hours_two_years=120),
    ]
    return [ask(worker, window, edition) for worker in [*alike, *others]]


@shared
def closed(opened, requests, chair):
    return rounds.close(round=opened, member=chair)


@shared
def drawn(closed, chair, second_signer):
    return draw(closed, chair, second_signer)


@shared
def scenario(drawn, chair):
    return rounds.compute(round=drawn, name="Ours", member=chair)


@shared
def proposed(drawn, scenario, chair):
    return rounds.propose(
        round=drawn,
        scenario=scenario,
        motivation="It helps the most people.",
        no_interest=True,
        member=chair,
    )


@shared
def signed(proposed, second_signer):
    return rounds.sign(
        round=proposed,
        sha256=proposed.proposal.sha256,
        no_interest=True,
        member=second_signer,
    )


@shared
def published(signed, chair):
    return rounds.publish(round=signed, member=chair)
