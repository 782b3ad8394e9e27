"""The adviser's desk: enter, be given a mandate, ask, note, refer, look, refuse."""

from django.urls import reverse
from djmoney.money import Money

from budgetpool.mail.models import Message
from tests.cast import signed_in
from tests.sharing import shared
from workers import requests
from workers.counter import desk
from workers.models import Companion, Mandate, Referral, TrainingRequest, Worker


@shared
def browser(adviser):
    return signed_in(adviser)


@shared
def entered(browser, twente):
    browser.post(
        reverse("adviser:enter", args=["twente"]),
        {
            "name": "Ewa Nowak",
            "birth_date": "2 mei 1990",
            "phone": "06 12345678",
            "language": "pl",
            "scope": "apply",
            "given": "phone",
        },
    )
    return Worker.objects.get()


def test_somebody_new_is_entered_with_a_mandate_and_hears_of_it(entered, adviser):
    mandate = Mandate.objects.get()
    assert (mandate.worker, mandate.adviser, mandate.given) == (entered, adviser, "phone")
    message = Message.objects.get()
    assert (message.channel, message.to, message.language) == ("sms", "+31612345678", "pl")


def test_the_same_person_twice_is_found(browser, entered):
    answer = browser.post(
        reverse("adviser:enter", args=["twente"]),
        {
            "name": "ewa  NOWAK",
            "birth_date": "02-05-1990",
            "language": "nl",
            "scope": "apply",
            "given": "desk",
        },
    )
    assert "Deze persoon is al bekend." in answer.content.decode()
    assert Worker.objects.count() == 1


def test_a_request_on_paper_keeps_its_channel(browser, entered, window):
    answer = browser.post(reverse("adviser:ask", args=[entered.pk]), {"channel": "paper"})
    request = TrainingRequest.objects.get()
    assert answer.url == f"/requests/{request.reference}/go-on"
    assert (request.channel, request.filed_for_organisation) == ("paper", "")
    assert request.mandate is not None


def test_a_channel_that_is_none_of_the_counters_is_refused(browser, entered, window):
    url = reverse("adviser:ask", args=[entered.pk])
    assert browser.post(url, {"channel": "partner"}).status_code == 404


def test_a_known_person_is_found_by_name_and_the_mandate_is_written_down(browser, worker):
    url = reverse("adviser:mandate", args=["twente"])
    assert worker.name not in browser.get(f"{url}?text=wi").content.decode(), "three letters"
    assert worker.name in browser.get(f"{url}?text=willem").content.decode()
    browser.post(
        f"{url}?text=willem", {"worker": str(worker.pk), "scope": "follow", "given": "desk"}
    )
    assert Mandate.objects.get().worker == worker


def test_somebody_of_another_region_is_not_found(browser, worker_of_drenthe, twente):
    url = reverse("adviser:mandate", args=["twente"])
    assert worker_of_drenthe.name not in browser.get(f"{url}?text=wim").content.decode()
    sent = {"worker": str(worker_of_drenthe.pk), "scope": "follow", "given": "desk"}
    assert browser.post(url, sent).status_code == 404
    assert not Mandate.objects.exists()


def test_notes_referrals_and_a_buddy(browser, entered, adviser, twente):
    browser.post(reverse("adviser:note", args=[entered.pk]), {"text": "Belt liever na vijven"})
    browser.post(reverse("adviser:note", args=[entered.pk]), {"text": "BSN 111222333"})
    browser.post(reverse("adviser:referral", args=[entered.pk]), {"x": "1"})
    buddy = desk.add_companion(adviser=adviser, region=twente.region, kind="buddy", name="Bas")
    browser.post(reverse("adviser:pair", args=[entered.pk]), {"companion": str(buddy.pk)})
    assert [note.text for note in entered.notes.all()] == ["Belt liever na vijven"]
    assert Referral.objects.count() == 1
    assert list(Companion.objects.get().accompanies.all()) == [entered]


def test_a_mandate_that_is_given_back_closes_the_file(browser, entered):
    url = reverse("adviser:person", args=[entered.pk])
    assert browser.get(url).status_code == 200
    browser.post(reverse("adviser:stop", args=[entered.pk]), {"x": "1"})
    assert browser.get(url).status_code == 404


def test_a_proposed_training_is_looked_at_and_refused_with_a_week_to_mend_it(
    browser, worker, window, twente
):
    request = requests.draft(actor=worker.user, worker=worker, window=window)
    requests.propose(
        actor=worker.user,
        request=request,
        title="Wijn proeven",
        provider="De Kelder",
        start=None,
        price=Money(300, "EUR"),
    )
    requests.submit(actor=worker.user, request=request, consent=True)
    assert (
        "Wijn proeven" in browser.get(reverse("adviser:checks", args=["twente"])).content.decode()
    )
    url = reverse("adviser:refuse", args=["twente", request.pk])
    browser.post(url, {"reason": "not_for_work"})
    request.refresh_from_db()
    assert (request.status, request.reason) == ("ineligible", "not_for_work")
    assert request.repair_until is not None
    assert Message.objects.filter(kind="request_not_possible").count() == 1
    assert browser.get(url).status_code == 404, "it is no longer on the list"


def test_a_request_that_needs_no_look_is_not_on_the_list(browser, worker, draft_of_worker):
    requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    url = reverse("adviser:refuse", args=["twente", draft_of_worker.pk])
    assert browser.get(url).status_code == 404


def test_a_declared_tie_is_shown_and_can_end(browser, provider, adviser, twente):
    url = reverse("adviser:interests", args=["twente"])
    browser.post(url, {"provider": str(provider.pk)})
    tie = adviser.interests.get()
    assert "sinds" in browser.get(url).content.decode()
    browser.post(reverse("adviser:end-interest", args=["twente", tie.pk]), {"x": "1"})
    tie.refresh_from_db()
    assert tie.ended_on is not None
