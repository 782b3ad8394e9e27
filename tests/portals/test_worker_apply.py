"""A worker's own request on the screens: saved, changed, refused, never somebody else's."""

import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from tests.cast import make_window, signed_in
from tests.sharing import harmless, shared
from tests.workers.test_files import picture
from workers import requests
from workers.models import Document, HelpRequest, TrainingRequest, Window, Worker


@shared
def browser(worker):
    return signed_in(worker.user)


@pytest.fixture
@harmless
def address(draft_of_worker):
    def of(name, *more):
        return reverse(f"apply:{name}", args=[draft_of_worker.pk, *more])

    return of


def text(answer):
    return answer.content.decode()


def test_one_field_is_saved_and_the_answer_says_when(browser, address, worker):
    answer = json.loads(browser.post(address("save", "name"), {"name": "Ewa Nowak"}).content)
    assert answer["saved"].startswith("Bewaard op ")
    assert answer["errors"] == {}
    worker.refresh_from_db()
    assert worker.name == "Ewa Nowak"
    assert worker.birth_date is not None, "a field that was not sent stays as it was"


def test_a_wrong_field_is_not_saved_and_the_answer_does_not_say_so(browser, address, worker):
    sent = {"name": "Ewa", "birth_date": "31 februari 1994"}
    answer = json.loads(browser.post(address("save", "name"), sent).content)
    assert answer["errors"] == {"birth_date": "Schrijf de datum zo: 31-03-1994."}
    worker.refresh_from_db()
    assert worker.name == "Ewa"


def test_a_bsn_is_refused_while_somebody_types_and_is_not_repeated(browser, address):
    answer = browser.post(address("save", "goal"), {"goal": "bsn 111222333"})
    assert "BSN" in json.loads(answer.content)["errors"]["goal"]
    assert "111222333" not in text(answer)


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("31-03-1994", "1994-03-31"),
        ("31/3/94", "1994-03-31"),
        ("31 maart 1994", "1994-03-31"),
        ("31 March 1994", "1994-03-31"),
        ("31031994", "1994-03-31"),
        ("1994-03-31", "1994-03-31"),
    ],
)
def test_a_date_may_be_spelled_in_many_ways(browser, address, worker, typed, born):
    browser.post(address("save", "name"), {"birth_date": typed})
    worker.refresh_from_db()
    assert str(worker.birth_date) == born


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("06 1234 5678", "0612345678"), ("+31 (0)6-12345678", "+310612345678")],
)
def test_a_phone_number_may_be_spelled_in_many_ways(browser, address, worker, typed, kept):
    browser.post(address("save", "reach"), {"phone": typed})
    worker.refresh_from_db()
    assert worker.phone == kept


def test_an_error_leaves_what_was_typed_and_keeps_the_other_errors(browser, address):
    answer = browser.post(address("step", "name"), {"name": "", "birth_date": "gisteren"})
    shown = text(answer)
    assert "<title>Fout:" in shown
    assert 'value="gisteren"' in shown
    assert shown.count("Vul je naam in.") == 2, "above the field and in the summary"
    assert shown.count("Schrijf de datum zo: 31-03-1994.") == 2


def test_save_and_go_on_later_keeps_what_is_right(browser, address, worker):
    sent = {"name": "Ewa Nowak", "birth_date": "gisteren", "later": "1"}
    assert browser.post(address("step", "name"), sent).url == address("request")
    worker.refresh_from_db()
    assert worker.name == "Ewa Nowak"


def test_the_search_finds_by_word_place_evening_and_length(browser, address, dutch, forklift):
    forklift.editions.update(starts_on=timezone.localdate() + timedelta(days=85))
    for query, found in [
        ("text=heftruck", ["Heftruck rijden"]),
        ("text=kade nederlands", ["Nederlands op het werk"]),
        ("place=hengelo", ["Heftruck rijden"]),
        ("evening=on", []),
        ("hours=24", ["Heftruck rijden"]),
        ("months=1", []),
        ("months=3", ["Heftruck rijden"]),
        ("sector=P", ["Nederlands op het werk"]),
        ("", ["Heftruck rijden", "Nederlands op het werk"]),
    ]:
        shown = text(browser.get(f"{address('trainings')}?{query}"))
        assert [
            title for title in ("Heftruck rijden", "Nederlands op het werk") if title in shown
        ] == found, query


def test_a_training_that_is_not_in_the_list_can_be_proposed(browser, address, draft_of_worker):
    sent = {"title": "Glas in lood", "provider": "De Smidse", "price": "€ 1.250,50"}
    later = timezone.localdate() + timedelta(days=80)
    sent["start"] = f"{later:%d-%m-%Y}"
    assert browser.post(address("propose"), sent).url == address("choice", 2)
    proposed = draft_of_worker.choices.get(rank=2)
    assert (proposed.title, proposed.amount_cents) == ("Glas in lood", 125_050)


def test_extra_costs_are_added_to_what_the_school_charges(browser, address, draft_of_worker):
    ticked = browser.post(address("choice", 1), {"kinds": ["wage_loss", "travel"]})
    assert ticked.url == f"{address('cost', 1, 'travel')}?then=wage_loss"
    then = browser.post(ticked.url, {"km": "24 km", "days": "10"})
    assert then.url == address("cost", 1, "wage_loss")
    browser.post(then.url, {"hours": "", "amount": "120,50"})
    assert draft_of_worker.choices.get(rank=1).amount_cents == 45_000 + 24 * 10 * 23 + 12_050
    browser.post(address("choice", 1), {"kinds": ["travel"]})
    assert draft_of_worker.choices.get(rank=1).amount_cents == 45_000 + 24 * 10 * 23


def test_every_fact_that_counts_is_shown_with_its_points(browser, address):
    shown = text(browser.get(address("priority")))
    for sentence, points in [
        ("Je hoogste diploma is mbo 2.", "30 punten"),
        ("Je werkt op oproep.", "20 punten"),
        ("Je had de laatste twee jaar geen scholing.", "25 punten"),
        ("Samen", "85 punten"),
    ]:
        assert sentence in shown
        assert points in shown


def test_several_files_at_once_and_one_that_is_refused_with_its_reason(browser, address):
    sent = [
        SimpleUploadedFile("een.jpg", picture()),
        SimpleUploadedFile("twee.png", picture("PNG", (20, 20))),
        SimpleUploadedFile("script.pdf", b"#!/bin/sh"),
    ]
    shown = text(browser.post(address("files"), {"files": sent}, follow=True))
    assert "2 bestanden zijn bewaard." in shown
    assert "script.pdf: Dit is geen foto en geen PDF." in shown
    assert Document.objects.count() == 2


def test_a_file_comes_back_as_a_download_that_no_browser_runs(browser, address):
    browser.post(address("files"), {"files": SimpleUploadedFile("<x>.jpg", picture())})
    answer = browser.get(address("file", Document.objects.get().pk))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")


def test_nothing_is_sent_without_the_tick_and_everything_that_lacks_is_listed(
    browser, address, draft_of_worker
):
    browser.post(address("summary"), {"next": "1"})
    draft_of_worker.refresh_from_db()
    assert draft_of_worker.status == "draft"
    Worker.objects.filter(pk=draft_of_worker.worker_id).update(education="", sector="")
    shown = text(browser.post(address("summary"), {"consent": "on"}))
    assert "Dit mist nog" in shown
    assert f'href="{address("step", "learning")}?back"' in shown
    draft_of_worker.refresh_from_db()
    assert draft_of_worker.status == "draft"


def test_after_the_window_the_page_says_so_and_keeps_the_draft(browser, address, window):
    now = timezone.now()
    Window.objects.filter(pk=window.pk).update(closes_at=now - timedelta(minutes=5))
    shown = text(browser.post(address("summary"), {"consent": "on"}, follow=True))
    assert "Je bent te laat." in shown
    assert "In de volgende ronde kan het weer." in shown
    assert TrainingRequest.objects.get().status == "draft"


def test_who_cannot_ask_hears_why_at_once_and_can_mend_it(browser, address, worker):
    Worker.objects.filter(pk=worker.pk).update(has_study_finance=True)
    shown = text(browser.post(address("summary"), {"consent": "on"}, follow=True))
    assert "Dit kan zo niet" in shown
    assert "Je krijgt studiefinanciering." in shown
    assert "Mijn aanvraag aanpassen" in shown
    assert browser.post(address("reopen")).url == address("request")


def test_a_sent_request_can_be_stopped_and_changed_until_the_window_closes(
    browser, address, draft_of_worker
):
    browser.post(address("summary"), {"consent": "on"})
    assert "We hebben je aanvraag" in text(browser.get(address("receipt")))
    browser.post(address("withdraw"))
    draft_of_worker.refresh_from_db()
    assert draft_of_worker.status == "withdrawn"
    browser.post(address("reopen"))
    draft_of_worker.refresh_from_db()
    assert draft_of_worker.status == "draft"


def test_numbers_of_requests_lead_nowhere_for_anybody_else(address, worker_of_drenthe, chair):
    for person in (worker_of_drenthe.user, chair):
        stranger = signed_in(person)
        assert stranger.get(address("request")).status_code == 404
        assert stranger.get(address("summary")).status_code == 404
        assert stranger.post(address("save", "name"), {"name": "x"}).status_code == 404
    assert signed_in(chair).get("/requests/R-999999").status_code == 404


def test_the_adviser_with_a_mandate_works_on_the_same_page_and_the_look_is_noted(
    address, adviser, mandate_of_adviser, worker
):
    shown = text(signed_in(adviser).get(address("summary")))
    assert "Je doet dit voor" in shown
    assert "Deze persoon vindt goed" in shown
    look = AuditEvent.objects.get(action="worker.seen")
    assert (look.actor, look.subject_id) == (adviser, str(worker.pk))
    assert adviser.name in text(signed_in(worker.user).get(reverse("worker:data")))


def test_everybody_may_ask_to_be_called_without_an_account(client, twente):
    answer = client.post(
        reverse("worker:ask-help", args=["twente"]),
        {"kind": "call", "name": "Ewa", "phone": "06-12345678"},
    )
    assert answer.status_code == 302
    asked = HelpRequest.objects.get()
    assert (asked.region, asked.phone) == (twente.region, "0612345678")


def test_the_check_stores_nothing(client, twente):
    url = reverse("worker:check", args=["twente"])
    shown = text(client.get(f"{url}?age=30&region=yes&work=agency&study=yes"))
    assert "Je krijgt studiefinanciering." in shown
    assert "sessionid" not in client.cookies
    assert not Worker.objects.exists()


def test_starting_twice_leads_to_the_same_draft(stranger, twente):
    make_window(twente)
    browser = signed_in(stranger)
    first = browser.post(reverse("worker:start", args=["twente"]), {"x": "1"}).url
    assert browser.post(reverse("worker:start", args=["twente"]), {"x": "1"}).url == first
    assert TrainingRequest.objects.count() == 1


def test_all_data_come_in_one_file_and_are_gone_after_erasing(
    browser, worker, draft_of_worker, tmp_path
):
    archive = tmp_path / "all.zip"
    archive.write_bytes(browser.get(reverse("worker:take-data")).content)
    assert worker.name in ZipFile(archive).read("data.json").decode()
    requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    shown = text(browser.post(reverse("worker:erase"), {"sure": "on"}, follow=True))
    assert "Dit kan nu niet." in shown, "a request that runs must be stopped first"
    requests.withdraw(actor=worker.user, request=draft_of_worker)
    assert browser.post(reverse("worker:erase"), {"sure": "on"}).url == "/"
    worker.refresh_from_db()
    assert worker.name == ""
    assert browser.get(reverse("worker:home")).status_code == 302, "signed out"


def test_who_asks_to_be_called_very_often_must_wait(client, twente):
    url = reverse("worker:ask-help", args=["twente"])
    sent = {"kind": "call", "name": "Ewa", "phone": "06-12345678"}
    answers = [client.post(url, sent).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert HelpRequest.objects.count() == 10
    assert client.get(url).status_code == 200


def test_who_sends_very_many_files_must_wait(browser, address):
    answers = {browser.post(address("files"), {"x": "1"}).status_code for _ in range(40)}
    assert answers == {302}
    assert browser.post(address("files"), {"x": "1"}).status_code == 429
