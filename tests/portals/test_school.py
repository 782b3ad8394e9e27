"""The school's desk: whom it may open, what each look leaves behind, and what each page does."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from allocation.decisions import awards, places, starting
from allocation.models import Award, EditionCancellation, Proof
from allocation.payouts import invoices
from allocation.rules import courses
from budgetpool.mail.models import Message
from budgetpool.register import seats
from budgetpool.register.models import Edition, TrainingPrice
from tests.cast import make_person, make_teacher, signed_in
from tests.payouts.test_ubl import e_invoice
from tests.sharing import shared
from tests.workers.test_files import picture

TODAY = timezone.localdate


@shared
def teacher(welding):
    return make_teacher("Tina Teacher", welding.provider)


@shared
def award(published, teacher):
    first = Award.objects.filter(round=published).order_by("pk").first()
    return awards.accept(award=first, actor=first.request.worker.user, share=True)


@shared
def second(published, award):
    """Somebody else with a place, who did not give their name."""
    other = Award.objects.filter(round=published, status="granted").order_by("pk").first()
    return awards.accept(award=other, actor=other.request.worker.user)


@shared
def later(edition):
    starts_on = TODAY() + timedelta(days=150)
    return Edition.objects.create(training=edition.training, starts_on=starts_on, seats=3)


@shared
def browser(teacher, award):
    return signed_in(teacher)


def url(award, name, *more):
    provider = award.choice.training.provider_id
    of_person = {"person", "confirm", "begin", "week", "gone", "move", "result", "result-of"}
    keys = [award.pk] if name in of_person else []
    return reverse(f"school:{name}", args=[provider, *keys, *more])


def text(answer):
    return answer.content.decode()


GETS = ["person", "gone", "move", "result"]
POSTS = ["confirm", "begin", "week", "gone", "move", "result"]


def test_only_people_of_the_school_open_its_people(award, other_teacher, stranger, chair):
    for person, status in ((other_teacher, 404), (stranger, 403), (chair, 403)):
        browser = signed_in(person)
        for name in GETS:
            assert browser.get(url(award, name)).status_code == status, (person, name)
        for name in POSTS:
            assert browser.post(url(award, name)).status_code == status, (person, name)
        for method in (browser.get, browser.post):
            assert method(url(award, "result-of", "diploma")).status_code == status
    assert not Message.objects.filter(kind="place_confirmed").exists()


def test_who_did_not_give_their_name_does_not_exist_here(browser, award, second):
    for name in GETS:
        assert browser.get(url(second, name)).status_code == 404
    listing = text(browser.get(url(award, "people")))
    assert award.request.worker.name in listing
    assert second.request.worker.name not in listing
    assert second.request.reference not in text(browser.get(url(award, "invoice-new")))


def test_whoever_lets_the_school_look_no_longer_is_gone_from_every_page(browser, award):
    places.stop_sharing(award=award, actor=award.request.worker.user)
    assert browser.get(url(award, "person")).status_code == 404
    assert award.request.worker.name not in text(browser.get(url(award, "people")))
    assert browser.post(url(award, "confirm")).status_code == 404


def test_each_look_stands_on_the_persons_page_with_who_it_was(browser, award, teacher):
    for name in ("people", "person", "gone", "move", "result"):
        browser.get(url(award, name))
    own = signed_in(award.request.worker.user)
    shown = text(own.get(reverse("worker:data")))
    assert shown.count(teacher.name) == 5


def test_a_page_without_names_leaves_no_look(browser, award, teacher):
    for name in ("home", "editions", "prices", "invoices", "invoice-new"):
        page = text(browser.get(url(award, name)))
        assert award.request.worker.name not in page, name
    own = signed_in(award.request.worker.user)
    assert teacher.name not in text(own.get(reverse("worker:data")))


def test_somebody_of_a_school_comes_in_at_its_desk(browser, award, teacher):
    answer = browser.get(reverse("home"))
    assert answer.headers["Location"] == url(award, "home")
    assert browser.get("/schools").headers["Location"] == url(award, "home")


def test_the_list_is_searched_and_filtered(browser, award):
    at = url(award, "people")
    name = award.request.worker.name
    for query, found in (
        (f"?words={name.split()[-1]}", True),
        (f"?words={award.request.reference}", True),
        ("?words=nobody", False),
        ("?state=confirm", True),
        ("?state=running", False),
        ("?state=nonsense", True),
    ):
        assert (name in text(browser.get(at + query))) == found, query


def test_a_small_course_from_the_place_to_the_result(browser, award, later, adviser):
    browser.post(url(award, "confirm"))
    assert award.place.__class__.objects.get(award=award).confirmed_at
    answer = browser.post(url(award, "move"), {"edition": later.pk, "cause": "asked"})
    assert answer.status_code == 302
    assert courses.of(award)[1] == later
    browser.post(url(award, "begin"), {"started_on": f"{TODAY():%d-%m-%Y}"})
    week = {"week_of": f"{TODAY():%d-%m-%Y}", "lessons": "4", "there": "4"}
    browser.post(url(award, "week"), week)
    assert "100%" in text(browser.get(url(award, "person")))
    kind = browser.post(url(award, "result"), {"kind": "certificate"})
    assert kind.headers["Location"] == url(award, "result-of", "certificate")
    sent = browser.post(url(award, "result-of", "certificate"), {"send": "1"}, follow=True)
    assert not Proof.objects.exists()
    photo = SimpleUploadedFile("certificaat.jpg", picture())
    browser.post(url(award, "result-of", "certificate"), {"files": photo})
    sent = browser.post(url(award, "result-of", "certificate"), {"send": "1"}, follow=True)
    assert "Het loket kijkt er binnen een week naar" in text(sent)
    assert Proof.objects.get().organisation == "Lasschool"


def test_a_form_with_errors_says_so(browser, award):
    assert browser.post(url(award, "begin"), {"started_on": "gisteren"}).status_code == 422
    assert browser.post(url(award, "week"), {}).status_code == 422
    assert browser.post(url(award, "move"), {"edition": "1; DROP"}).status_code == 422
    assert browser.post(url(award, "result"), {}).status_code == 422
    assert browser.post(url(award, "gone"), {"on": ""}).status_code == 422
    assert browser.get(url(award, "result-of", "nonsense")).status_code == 404


def test_a_school_that_says_gone_leaves_the_decision_to_the_counter(browser, award, adviser):
    browser.post(url(award, "gone"), {"on": f"{TODAY():%d-%m-%Y}"})
    desk = signed_in(adviser)
    page = text(desk.get(reverse("adviser:gone", args=["twente"])))
    assert award.request.worker.name in page
    desk.post(reverse("adviser:decide-gone", args=["twente", award.pk]), {"right": "1"})
    assert Award.objects.get(pk=award.pk).status == "no_show"
    again = desk.post(reverse("adviser:decide-gone", args=["twente", award.pk]), {"right": "1"})
    assert again.status_code == 404


def test_a_start_is_cancelled_once_and_not_by_another_school(
    browser, award, edition, later, other_teacher
):
    at = reverse("school:cancel", args=[edition.training.provider_id, edition.pk])
    theirs = reverse(
        "school:cancel",
        args=[seats.held_by(other_teacher)[0].provider_id, edition.pk],
    )
    assert signed_in(other_teacher).get(theirs).status_code == 404
    assert browser.post(at, {"cause": "too_few"}).status_code == 422
    browser.post(at, {"cause": "too_few", "moved_to": str(later.pk)})
    assert EditionCancellation.objects.get().moved_to == later
    assert browser.get(at).status_code == 404


def test_a_price_is_announced_and_a_late_rise_is_refused_with_its_first_day(browser, award):
    training = award.choice.training
    at = reverse("school:price", args=[training.provider_id, training.pk])
    soon = f"{TODAY() + timedelta(days=5):%d-%m-%Y}"
    refused = browser.post(at, {"price": "700", "valid_from": soon})
    assert refused.status_code == 422
    assert "60 dagen" in text(refused)
    far = f"{TODAY() + timedelta(days=70):%d-%m-%Y}"
    assert browser.post(at, {"price": "700", "valid_from": far}).status_code == 302
    assert TrainingPrice.objects.filter(training=training, price=700).exists()
    other = reverse("school:price", args=[training.provider_id, 999_999])
    assert browser.get(other).status_code == 404


def bill(award, **facts):
    known = {
        "award": award.pk,
        "number": "2027-31",
        "dated_on": f"{TODAY():%d-%m-%Y}",
        "amount": "600,00",
        "vat": "0",
    }
    return known | facts


def test_an_invoice_is_filled_in_and_its_state_is_seen(browser, award, second):
    at = url(award, "invoice-new")
    assert browser.post(at, bill(second)).status_code == 422
    too_much = browser.post(at, bill(award, amount="600,01"))
    assert too_much.status_code == 422
    assert browser.post(at, bill(award)).status_code == 302
    page = text(browser.get(url(award, "invoices")))
    assert "2027-31" in page
    assert "de penningmeester kijkt ernaar" in page
    assert award.request.worker.name not in page
    assert invoices.sums_of(award.choice.training.provider, year=TODAY().year) == (0, 60_000)


def test_a_school_takes_back_its_own_invoice_with_a_reason(browser, award, second, forklift):
    browser.post(url(award, "invoice-new"), bill(award))
    invoice, provider = award.invoices.get(), award.choice.training.provider_id
    at = reverse("school:invoice-withdrawal", args=[provider, invoice.pk])
    assert at in text(browser.get(url(award, "invoices")))
    assert "2027-31" in text(browser.get(at))
    assert browser.post(at, {"reason": " "}).status_code == 422
    stranger = signed_in(make_teacher("Olaf Other", forklift.provider))
    for path in (at, reverse("school:invoice-withdrawal", args=[forklift.provider_id, invoice.pk])):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"reason": "Van mij"}).status_code == 404
    invoice.refresh_from_db()
    assert invoice.withdrawn_at is None
    assert browser.post(at, {"reason": "Verkeerd bedrag"}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.withdrawn_reason == "Verkeerd bedrag"
    assert browser.post(at, {"reason": "Nog eens"}).status_code == 404
    page = text(browser.get(url(award, "invoices")))
    assert "ingetrokken" in page
    assert at not in page


def test_an_e_invoice_fills_in_the_form_and_sends_nothing(browser, award):
    data = e_invoice(kvk="90000009", reference=award.request.reference, vat="0.00", amount="600.00")
    file = SimpleUploadedFile("factuur.xml", data, content_type="text/xml")
    page = browser.post(url(award, "invoice-upload"), {"file": file})
    assert page.status_code == 200
    assert 'value="2027-31"' in text(page)
    assert f'value="{award.pk}" selected' in text(page)
    assert not award.invoices.exists()
    wrong = SimpleUploadedFile("factuur.xml", e_invoice(kvk="12345678"), content_type="text/xml")
    refused = browser.post(url(award, "invoice-upload"), {"file": wrong}, follow=True)
    assert "andere school" in text(refused)


def test_the_counter_gives_a_seat_and_takes_it_back(award, adviser, adviser_of_drenthe):
    desk, provider = signed_in(adviser), award.choice.training.provider
    at = reverse("adviser:school", args=["twente", provider.pk])
    assert signed_in(adviser_of_drenthe).get(at).status_code == 404
    assert desk.post(at, {"email": "docent@school.nl"}).status_code == 200
    assert desk.post(at, {"email": adviser.email}).status_code == 200
    desk.post(at, {"email": "docent@school.nl", "name": "Doris Docent"})
    doris = next(one for one in seats.people_of(provider) if one.name == "Doris Docent")
    assert signed_in(doris).get(url(award, "people")).status_code == 200
    seat = seats.held_by(doris)[0]
    desk.post(reverse("adviser:end-seat", args=["twente", provider.pk, seat.pk]))
    assert signed_in(doris).get(url(award, "people")).status_code == 403


def test_the_counter_asks_the_school_whether_it_began(award, teacher, adviser):
    Edition.objects.update(starts_on=TODAY() - timedelta(days=9), ends_on=None)
    desk = signed_in(adviser)
    assert "Vraag het aan de school" in text(desk.get(reverse("adviser:starts", args=["twente"])))
    desk.post(reverse("adviser:ask-school", args=["twente", award.pk]))
    assert Message.objects.filter(user=teacher, kind="school_did_it_begin").count() == 1


def test_the_worker_lets_the_school_know_in_the_answer_and_can_stop_it(published, teacher):
    first = Award.objects.filter(round=published).order_by("pk").first()
    own = signed_in(first.request.worker.user)
    number = first.request_id
    own.post(reverse("apply:answer", args=[number]), {"answer": "yes", "share": "on"})
    assert places.is_shared(first)
    assert "Stop dit" in text(own.get(reverse("apply:request", args=[number])))
    own.post(reverse("apply:share", args=[number]), {"stop": "1"})
    assert not places.is_shared(first)
    own.post(reverse("apply:share", args=[number]))
    assert places.is_shared(first)
    double = signed_in(make_person("Dora Double"))
    assert double.post(reverse("apply:share", args=[number]), {"stop": "1"}).status_code == 404


def test_a_yes_alone_lets_nobody_know(published, teacher):
    first = Award.objects.filter(round=published).order_by("pk").first()
    own = signed_in(first.request.worker.user)
    own.post(reverse("apply:answer", args=[first.request_id]), {"answer": "yes"})
    assert not places.is_shared(first)
    assert starting.planned_on(first) is not None
