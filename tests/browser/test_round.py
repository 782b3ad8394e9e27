"""A whole round by five people in their own sessions, from the plan to the public's own check.

Four members of the board and a visitor press and type everything themselves; the region's rules ask
for a public consultation of a week. Two things happen quietly in between: the clock is set forward
over the consultation, the window and the draw, and seven people ask.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from allocation.models import Adjustment, Round, Scenario
from budgetpool.fund.models import Seat
from budgetpool.portals.components import check_files
from tests.allocation.people import ask
from tests.browser.test_check_here import HOLDS, REFUSED, choose, unzipped, verdict, zipped
from tests.cast import make_worker, seat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOARD = "/board/twente"
PAGE = f"{BOARD}/rounds/2027-1"
PUBLIC = "/regions/twente/rounds/2027-1"
WAIT = 120_000
NUMBERS = "4 11 19 27 33 41"


class Member:
    """One person's own session, with one tab."""

    def __init__(self, visitor, person):
        visitor.sign_in(person, second_factor=True)
        self.visitor, self.page = visitor, visitor.page()
        self.page.set_default_timeout(WAIT)

    def go(self, path):
        self.visitor.go(self.page, path)
        return self.page.locator("main")

    def send(self, form, **fields):
        """Fill a form and press its button; gives what the next page says."""
        form.evaluate("form => form.closest('details')?.setAttribute('open', '')")
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"]')
            kind = field.first.get_attribute("type")
            if kind == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "checkbox":
                field.check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with self.page.expect_navigation(timeout=WAIT):
            form.get_by_role("button").last.click()
        expect(self.page.locator("main .utrecht-alert--error")).to_have_count(0)
        return self.page.locator("main")

    def take(self, verb, **fields):
        """Take a step on the round's page."""
        self.go(PAGE)
        return self.send(self.page.locator(f'form[action$="/steps/{verb}"]'), **fields)

    def steps(self):
        """The verbs that the round's page offers to this person."""
        forms = self.go(PAGE).locator('form[action*="/steps/"]').all()
        return {form.get_attribute("action").rsplit("/", 1)[1] for form in forms}


def days(ahead):
    return (timezone.localdate() + timedelta(days=ahead)).strftime("%d-%m-%Y")


def consult(visitor, first, second):
    """One member puts the draft before the public, a visitor comments, another member answers."""
    first.go(f"{BOARD}/policies").get_by_role("link", name="Laat iedereen reageren").click()
    form = first.page.locator("main form")
    first.send(form, question="Is dit eerlijk?", last_day=days(7))
    visitor.cookies = []
    page = visitor.open("/regions/twente")
    page.get_by_role("link", name="Lees het ontwerp en reageer").click()
    expect(page.locator("main")).to_contain_text("Is dit eerlijk?")
    page.get_by_label("Wat wil je zeggen?").fill("Waarom telt een tweede keuze minder?")
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator("main")).to_contain_text("Nog niet gelezen")
    second.go(BOARD).get_by_role("link", name="Reacties op een regel: 1").click()
    second.page.locator("main .bp-details summary").first.click()
    second.page.get_by_role("link", name="Lees en beantwoord de reactie").click()
    answer = second.page.locator('form:has([value="answer"])')
    second.send(answer, text="Omdat de eerste keuze het beste past.")
    page.reload()
    expect(page.locator("main")).to_contain_text("Omdat de eerste keuze het beste past.")


def conclude(member):
    """After the term the board says what it does with what people said."""
    member.go(BOARD).get_by_role("link", name="zeg wat je met de reacties doet").click()
    form = member.page.locator('form[action$="/conclude"]')
    member.send(form, conclusion="We houden het zo, en leggen het beter uit.")


def test_a_round_of_five_people_in_their_own_sessions(
    visitor, rich_fund, edition, chair, second_signer, third_member, monkeypatch
):
    rich_fund.consultation_days = 7
    rich_fund.save()
    first = Member(visitor, chair)
    first.go(f"{BOARD}/policies/new")
    rule = {"target_percent": "0", "provider_percent": "100", "training_count": "100"}
    first.send(first.page.locator("main form"), **rule, give_back_percent="0")
    real = timezone.now
    consult(visitor, first, Member(visitor, second_signer))
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=8))
    first = Member(visitor, chair)
    conclude(first)
    first.go(f"{BOARD}/rounds/new")
    window = {"first_day": days(1), "last_day": days(2), "draw_on": days(3)}
    money = {"ceiling": "2.000", "reserve": "500", "seed_source": "Lotto"}
    first.send(first.page.locator("main form"), code="2027-1", **window, **money)
    first.take("open")

    # Quietly: people ask, the window ends and the draw takes place.
    round = Round.objects.get()
    assert round.status == Round.Status.OPEN
    asked = [
        ask(make_worker(f"Equal {letter}", rich_fund), round.window, edition) for letter in "ABCDE"
    ]
    low = {"education": "wo", "training_hours_two_years": 120}
    asked += [ask(make_worker(name, rich_fund, **low), round.window, edition) for name in "ST"]
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=12))
    fourth_person = seat("Fenna Fourth", rich_fund, Seat.Role.BOARD)
    first, second, third, fourth = (
        Member(visitor, person) for person in (chair, second_signer, third_member, fourth_person)
    )

    first.take("close")
    first.take("draw", outcome=NUMBERS)
    assert not Round.objects.get().draw_outcome
    second.take("draw", outcome="41 33 27 19 11 4")
    assert Round.objects.get().draw_outcome == NUMBERS
    second.take("baselines")
    second.take("compute", rule="optimiser", name="Ons voorstel")

    # A gift of two: what the first asks, the second finds in their list, reads, and agrees with.
    first.go(f"{PAGE}/requests/{asked[6].pk}")
    reason = "Deze persoon verloor al het werk na een ongeluk."
    first.send(first.page.locator('form:has([name="kind"])'), kind="give", reason=reason)
    assert not Adjustment.objects.exists()
    second.go(BOARD).get_by_role("link", name="Carla Chair wil over een aanvraag anders").click()
    expect(second.page.locator("main")).to_contain_text(reason)
    second.send(second.page.locator('form:has([name="agree"])'))
    assert Adjustment.objects.get().reason == reason
    first.take("small-change", name="Na het besluit")
    small = Scenario.objects.get(instead_of__isnull=False)

    # One knows somebody who asked, says so, and can do nothing any more.
    third.go(f"{PAGE}/requests/{asked[0].pk}")
    third.send(third.page.locator('form[action$="/interest"]'))
    assert third.steps() == set()
    expect(third.page.locator("main")).to_contain_text("Je kunt niet over deze ronde besluiten")

    why = "Er verandert zo weinig mogelijk."
    first.take("propose", scenario=str(small.pk), motivation=why, no_interest=True)
    assert "sign" not in first.steps()
    second.take("sign", no_interest=True)
    # Nobody undoes alone what two signed.
    fourth.take("send-back", text="Waarom niet de andere?")
    assert Round.objects.get().status == Round.Status.SIGNED
    fourth.take("take-back")
    first.take("publish")
    published = Round.objects.get()
    assert (published.status, published.proposal) == (Round.Status.PUBLISHED, small)

    # The public: the outcome, its check in their own browser, and a forged file.
    visitor.cookies = []
    page = visitor.open(PUBLIC)
    expect(page.locator("main")).to_contain_text(why)
    page.get_by_role("button", name="Controleer deze ronde").click()
    expect(verdict(page)).to_have_text(HOLDS, timeout=WAIT)
    exact = unzipped(check_files.for_auditor(published))
    won = next(row for row in exact["outcome/decisions.csv"].splitlines() if ",1," in row)
    forged = exact["outcome/decisions.csv"].replace(won, won.replace(",1,", ",0,", 1))
    choose(page, zipped(exact | {"outcome/decisions.csv": forged}))
    expect(verdict(page)).to_have_text(REFUSED, timeout=WAIT)
