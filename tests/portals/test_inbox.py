"""One inbox for every desk: what waits for this person, what is barred to them, and the e-mail."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allocation import rounds
from allocation.models import Payee
from allocation.payouts import queue
from budgetpool.audit.models import AuditEvent
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.portals import daily, desks
from budgetpool.portals.account import stopping
from budgetpool.portals.components import fund_work, waits
from tests.cast import signed_in
from workers.counter import desk as counter

pytestmark = pytest.mark.django_db
DESKS = {
    "chair": ("board", "/board/twente", "/board/twente/policies"),
    "second_signer": ("board", "/board/twente", "/treasurer/twente/charges"),
    "treasurer": ("treasurer", "/treasurer/twente", "/treasurer/twente/recoveries"),
    "adviser": ("adviser", "/counter/twente", "/counter/twente/stories"),
    "payer": ("employer", "/employers/{employer}", "/employers/{employer}/people"),
}


def of(kind, place, user):
    """The inbox of a person at a desk."""
    source, _page = desks.DESKS[kind]
    return waits.inbox(source(place, user))


def lines(items):
    return [(item.kind, item.what, item.count) for item in items]


def in_menu(page):
    """The number in the menu, which a page shows once at most."""
    found = re.findall(r'bp-count" aria-hidden="true">(\d+)<', page.split("<main")[0])
    return int(found[0]) if found else 0


@pytest.fixture
def busy(proposed, treasurer, welding, contribution):
    """Something that waits for everybody: a signature, an account, a call, a contribution."""
    Payee.objects.create(
        fund=proposed.fund,
        provider=welding.provider,
        iban="NL91ABNA0417164300",
        holder_name="Hout B.V.",
        entered_by=treasurer,
    )
    counter.ask_help(region=proposed.fund.region, kind="call", name="Ewa", phone="0612345678")
    return proposed


@pytest.mark.parametrize("who", DESKS)
def test_the_menu_counts_what_the_first_page_lists(who, busy, contribution, request):
    person = request.getfixturevalue(who)
    _desk, first, other = DESKS[who]
    key = contribution.employer_id
    browser = signed_in(person)
    shown = browser.get(first.format(employer=key))
    listed = len(shown.context["inbox"].own)
    page = shown.content.decode()
    assert page.split('id="inbox"')[1].split("</table>")[0].count('role="rowheader"') == listed
    assert in_menu(page) == listed
    assert in_menu(browser.get(other.format(employer=key)).content.decode()) == listed
    assert (listed > 0) == (who != "treasurer")


def test_who_does_something_sees_another_count_at_once(busy, second_signer):
    browser = signed_in(second_signer)
    assert in_menu(browser.get("/board/twente").content.decode()) == 2
    Payee.objects.update(ended_at=timezone.now())
    # Somebody else did it: the menu of other pages says so within a minute, the list at once.
    assert in_menu(browser.get("/board/twente/policies").content.decode()) == 2
    browser.post("/treasurer/twente/charges", {"verb": ""})
    assert in_menu(browser.get("/board/twente/policies").content.decode()) == 1


def test_who_signed_is_told_that_another_has_to(busy, chair, second_signer):
    [own, account] = of("board", busy.fund, second_signer).own
    assert own.kind == "round_signature"
    assert own.until == busy.window.decision_by
    assert account.kind == "payees"
    found = of("board", busy.fund, chair)
    assert [item.kind for item in found.own] == ["payees"]
    [signed] = found.others
    assert signed.barred == "Jij hebt getekend. Een ander bestuurslid moet ook tekenen."


def test_an_interest_bars_from_a_round_and_says_so(busy, requests, third_member, second_signer):
    rounds.declare_interest(round=busy, request=requests[0], member=second_signer)
    found = of("board", busy.fund, second_signer)
    assert "round_signature" not in [item.kind for item in found.own]
    assert "eigen belang" in found.others[0].barred
    assert "round_signature" in [item.kind for item in of("board", busy.fund, third_member).own]


def test_what_somebody_asked_waits_for_others(busy, treasurer, chair):
    asked = of("treasurer", busy.fund, treasurer)
    assert asked.own == []
    [account] = asked.others
    assert "Je vroeg het zelf" in account.barred
    assert [item.kind for item in of("board", busy.fund, chair).own] == ["payees"]
    # The page of a single one, which a member of the board may open too.
    [one] = of("board", busy.fund, chair).own
    assert signed_in(chair).get(one.url).status_code == 200


def test_a_call_that_a_colleague_took_is_not_mine(busy, adviser):
    region = busy.fund.region
    [call] = of("adviser", region, adviser).own
    assert (call.kind, call.count) == ("help", 1)
    counter.help_waiting(region).update(taken_by=busy.signatures.first().signer)
    found = of("adviser", region, adviser)
    assert (found.own, [item.barred for item in found.others]) == ([], ["Een collega belt."])


def test_who_may_only_look_is_told_who_pays(contribution, viewer, payer):
    [bill] = of("employer", contribution.employer, payer).own
    assert bill.until == contribution.due_on
    assert of("employer", contribution.employer, viewer).own == []
    assert "een collega" in of("employer", contribution.employer, viewer).others[0].why


def test_a_day_that_is_over_is_said(contribution, payer):
    type(contribution).objects.update(due_on=timezone.localdate() - timedelta(days=1))
    page = signed_in(payer).get(f"/employers/{contribution.employer_id}").content.decode()
    assert "te laat" in page.split('id="inbox"')[1].split("</table>")[0]


def test_each_kind_has_its_words_its_page_and_is_somewhere(twente):
    piles = {pile.code for pile in queue.PILES}
    assert set(fund_work.PAGES) == {*piles, "programs"}
    assert set(fund_work.PAGES) <= set(waits.KINDS)
    for page in {*fund_work.PAGES.values()}:
        assert reverse(f"treasurer-{page}", args=["twente"])
    for pile in queue.PILES:
        # Every column exists: nothing waits, and nothing fails either.
        assert queue.for_person(pile, twente, None) == (None, None)


class TestDailyMail:
    def test_each_person_gets_one_a_day_however_often_it_runs(self, busy, capsys):
        told = daily.tell_all()
        assert told["told"] == Message.objects.filter(kind="what_waits").count() > 2
        assert told["idle"] > 0
        call_command("tell_what_waits", "--json")
        assert f'"before": {told["told"]}' in capsys.readouterr().out
        assert Message.objects.filter(kind="what_waits").count() == told["told"]

    def test_a_second_process_in_the_middle_sends_none_twice(self, busy, monkeypatch):
        of_person, others = desks.of_person, []

        def beside(user):
            if not others:
                others.append(user)
                daily.tell_all()
            return of_person(user)

        monkeypatch.setattr(desks, "of_person", beside)
        daily.tell_all()
        keys = list(Message.objects.filter(kind="what_waits").values_list("key", flat=True))
        assert len(keys) == len(set(keys)) > 2

    def test_nobody_gets_an_empty_one(self, chair, adviser, payer):
        assert daily.tell_all() == {"told": 0, "before": 0, "idle": 3}
        assert not Message.objects.exists()

    def test_dry_run_queues_nothing(self, busy):
        assert daily.tell_all(is_dry=True)["told"] > 2
        assert not Message.objects.filter(kind="what_waits").exists()

    def test_it_says_how_many_of_what_and_names_nobody(self, busy, requests, second_signer):
        daily.tell_all()
        message = Message.objects.get(kind="what_waits", user=second_signer)
        subject, text = words.words(message)
        assert subject == "Er wachten 2 dingen op je"
        assert "- Uitkomsten om te tekenen: 1 (de eerste uiterlijk" in text
        assert "- Rekeningen om te controleren: 1" in text
        assert "/board/twente" in text
        named = [request.worker.name for request in requests]
        named += [request.reference for request in requests]
        named += ["Hout B.V.", "NL91", busy.code]
        named += [one.signer.name for one in busy.signatures.all()]
        assert [name for name in named if name in subject + text] == []

    def test_who_stopped_it_gets_none(self, busy, second_signer):
        [link] = [stopping.token_of(second_signer)]
        visitor = Client()
        where = reverse("stop-daily", args=[link])
        assert "stoppen" in visitor.get(where).content.decode()
        second_signer.refresh_from_db()
        assert second_signer.wants_daily_mail, "a program that follows links stops nothing"
        visitor.post(where)
        second_signer.refresh_from_db()
        assert not second_signer.wants_daily_mail
        assert AuditEvent.objects.filter(action="profile.changed").count() == 1
        daily.tell_all()
        assert not Message.objects.filter(user=second_signer, kind="what_waits").exists()
        forged = reverse("stop-daily", args=[link.replace(str(second_signer.pk), "1", 1) + "x"])
        assert visitor.post(forged).status_code == 404

    def test_it_is_stopped_in_ones_account_too(self, chair, worker):
        browser = signed_in(chair)
        assert 'name="wants_daily_mail"' in browser.get("/account").content.decode()
        browser.post("/account", {"name": chair.name, "language": "nl"})
        chair.refresh_from_db()
        assert not chair.wants_daily_mail
        assert "wants_daily_mail" not in signed_in(worker.user).get("/account").content.decode()
