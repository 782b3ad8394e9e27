"""From the last lesson to the last payment: proof, somebody's look, follow-ups; or a stop."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from allocation.decisions import awards, proofs, starting
from allocation.models import Award, Proof
from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Seat
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.register.models import Edition
from tests.cast import seat, signed_in
from tests.refusing import refuses
from tests.sharing import shared
from tests.workers.test_files import picture
from workers import files
from workers.counter import mandates
from workers.data.destroying import keys_sha256
from workers.models import AdviserInterest, Destruction, Document, FollowUp


@shared
def award(published):
    first = Award.objects.order_by("pk").first()
    return awards.accept(award=first, actor=first.request.worker.user)


@pytest.fixture
def browser(award):
    return signed_in(award.request.worker.user)


def url(award, name="request", *more):
    return reverse(f"apply:{name}", args=[award.request_id, *more])


def desk(name, *more):
    return reverse(f"adviser:{name}", args=["twente", *more])


def add_photo(browser, award, kind="diploma"):
    photo = SimpleUploadedFile("diploma.jpg", picture())
    return browser.post(url(award, "proof-of", kind), {"files": photo})


PRACTICE = {
    "send": "1",
    "work_processes": "Ontvangt goederen\nSlaat goederen op",
    "crebo": "25778",
    "learner_name": "Anna de Vries",
    "learner_signed_on": "1 maart 2026",
    "trainer_name": "Bram Bakker",
    "trainer_signed_on": "02-03-2026",
    "assessor_name": "Carla Colijn",
    "assessor_signed_on": "2026-03-03",
}


@pytest.fixture
def sent(browser, award):
    add_photo(browser, award)
    browser.post(url(award, "proof-of", "diploma"), {"send": "1"})
    return Proof.objects.get()


def test_a_diploma_is_sent_in_two_steps(browser, award):
    chosen = browser.post(url(award, "proof"), {"kind": "diploma"})
    assert chosen.url == url(award, "proof-of", "diploma")
    assert "Voeg eerst een foto" in browser.get(chosen.url).content.decode()
    add_photo(browser, award)
    assert "Voeg eerst een foto" not in browser.get(chosen.url).content.decode()
    assert browser.post(chosen.url, {"send": "1"}).url == url(award)
    proof = Proof.objects.get()
    assert (proof.kind, proof.status, proof.sent_by) == (
        "diploma",
        "sent",
        award.request.worker.user,
    )
    award.refresh_from_db()
    assert award.status == "accepted", "somebody else looks first"
    assert "We hebben je bewijs" in browser.get(url(award)).content.decode()


def test_without_a_photo_nothing_is_sent(browser, award):
    browser.post(url(award, "proof-of", "diploma"), {"send": "1"})
    assert not Proof.objects.exists()


def test_a_practice_declaration_holds_its_work_processes_code_and_three_signatures(browser, award):
    add_photo(browser, award, "practice")
    browser.post(url(award, "proof-of", "practice"), PRACTICE)
    proof = Proof.objects.get()
    assert (proof.crebo, proof.work_processes.splitlines()) == (
        "25778",
        ["Ontvangt goederen", "Slaat goederen op"],
    )
    signed = [(one.role, one.name, str(one.signed_on)) for one in proof.signatures.all()]
    assert signed == [
        ("learner", "Anna de Vries", "2026-03-01"),
        ("trainer", "Bram Bakker", "2026-03-02"),
        ("assessor", "Carla Colijn", "2026-03-03"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("crebo", "123", "vijf cijfers"),
        ("work_processes", "", "werkprocessen"),
        ("assessor_name", "", "naam van wie tekende"),
        ("trainer_signed_on", "gisteren", "Schrijf de datum zo"),
        ("trainer_signed_on", "01-01-2999", "moet nog komen"),
    ],
)
def test_what_a_practice_declaration_lacks_is_said_at_its_field(browser, award, field, value, said):
    add_photo(browser, award, "practice")
    shown = browser.post(url(award, "proof-of", "practice"), PRACTICE | {field: value})
    assert shown.status_code == 200
    assert said in shown.content.decode()
    assert not Proof.objects.exists()


@pytest.mark.parametrize(("percent", "count"), [("80", 1), ("100", 1), ("79", 0), ("x", 0)])
def test_attendance_counts_from_80_percent(browser, award, percent, count):
    add_photo(browser, award, "attendance")
    address = url(award, "proof-of", "attendance")
    browser.post(address, {"send": "1", "attendance_percent": percent})
    assert Proof.objects.count() == count


def test_the_adviser_looks_and_the_award_is_completed(adviser, sent, award):
    browser = signed_in(adviser)
    assert "Bewijzen om te bekijken: 1" in browser.get(desk("home")).content.decode()
    assert "Lassen" in browser.get(desk("proofs")).content.decode()
    assert browser.get(desk("proof", sent.pk)).status_code == 200
    browser.post(desk("proof", sent.pk), {"verdict": "yes"})
    award.refresh_from_db()
    assert award.status == "completed"
    told = Message.objects.get(kind="proof_accepted")
    assert words.words(told)[0] == "Je bent klaar met Lassen"
    assert browser.get(desk("proof", sent.pk)).status_code == 404
    worker = signed_in(award.request.worker.user)
    assert "Gefeliciteerd" in worker.get(url(award)).content.decode()


def test_the_papers_are_read_by_who_looks_and_the_person_sees_that(adviser, sent, award):
    paper = award.request.documents.get()
    answer = signed_in(adviser).get(desk("proof-file", sent.pk, paper.pk))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert AuditEvent.objects.filter(action="request.file_seen", actor=adviser).exists()
    shown = signed_in(award.request.worker.user).get(reverse("worker:data")).content.decode()
    assert adviser.name in shown


def test_other_papers_of_the_same_person_stay_closed(adviser, sent, award):
    other = Award.objects.exclude(pk=award.pk).first()
    add_photo(signed_in(other.request.worker.user), other)
    document = other.request.documents.first()
    if document is None:
        awards.accept(award=other, actor=other.request.worker.user)
        add_photo(signed_in(other.request.worker.user), other)
        document = other.request.documents.get()
    answer = signed_in(adviser).get(desk("proof-file", sent.pk, document.pk))
    assert answer.status_code == 404


def test_a_refusal_says_what_is_missing_and_another_proof_can_come(adviser, sent, award, browser):
    at_desk = signed_in(adviser)
    refused = at_desk.post(desk("proof", sent.pk), {"verdict": "no", "answer": " "})
    assert "Schrijf wat er mist." in refused.content.decode()
    at_desk.post(desk("proof", sent.pk), {"verdict": "no", "answer": "De naam is niet te lezen."})
    told = Message.objects.get(kind="proof_refused")
    assert "De naam is niet te lezen." in words.words(told)[1]
    assert "De naam is niet te lezen." in browser.get(url(award)).content.decode()
    browser.post(url(award, "proof-of", "diploma"), {"send": "1"})
    assert [one.status for one in Proof.objects.all()] == ["refused", "sent"]


def test_who_sent_a_proof_for_somebody_does_not_judge_it(adviser, award, twente):
    mandates.give(
        actor=award.request.worker.user,
        worker=award.request.worker,
        adviser=adviser,
        scope="follow",
        given="web",
    )
    helper = signed_in(adviser)
    add_photo(helper, award)
    helper.post(url(award, "proof-of", "diploma"), {"send": "1"})
    proof = Proof.objects.get()
    assert proof.sent_by == adviser
    with refuses("sent_it"):
        proofs.accept(proof=proof, actor=adviser)
    with pytest.raises(IntegrityError, match="proof_checker_is_another"), transaction.atomic():
        Proof.objects.update(status="accepted", checked_by=adviser, checked_at=timezone.now())
    colleague = seat("Carl Colleague", twente, Seat.Role.ADVISER)
    proofs.accept(proof=proof, actor=colleague)


def test_who_has_a_tie_with_the_school_does_not_judge(adviser, sent, award):
    AdviserInterest.objects.create(adviser=adviser, provider=award.choice.training.provider)
    with refuses("own_interest"):
        proofs.accept(proof=sent, actor=adviser)


def test_an_adviser_of_another_region_sees_no_proof(adviser_of_drenthe, sent):
    browser = signed_in(adviser_of_drenthe)
    assert browser.get(desk("proof", sent.pk)).status_code == 404
    with refuses("no_seat"):
        proofs.accept(proof=sent, actor=adviser_of_drenthe)


def test_nobody_else_sends_a_proof_for_a_person(stranger, award):
    with refuses("not_yours"):
        proofs.send(award=award, actor=stranger, kind="diploma")


def test_one_proof_is_judged_once_and_its_photo_stays(adviser, sent, award, browser):
    paper = award.request.documents.get()
    browser.post(reverse("apply:remove-file", args=[award.request_id, paper.pk]))
    assert award.request.documents.count() == 1
    with refuses("proof_waits"):
        proofs.send(award=award, actor=award.request.worker.user, kind="diploma")
    proofs.accept(proof=sent, actor=adviser)
    with refuses("wrong_step"):
        proofs.accept(proof=sent, actor=adviser)


def test_a_completed_training_brings_questions_after_3_6_and_12_months(adviser, sent, browser):
    proofs.accept(proof=sent, actor=adviser)
    assert list(FollowUp.objects.values_list("months", flat=True)) == [3, 6, 12]
    FollowUp.objects.filter(months=3).update(due_on=timezone.localdate())
    call_command("send_reminders", "--json")
    assert Message.objects.filter(kind="follow_up").count() == 1
    asked = FollowUp.objects.get(months=3)
    address = reverse("worker:follow-up", args=[asked.pk])
    assert address in browser.get(reverse("worker:home")).content.decode()
    browser.post(address, {"has_work": "yes", "contract": "temp_long"})
    asked.refresh_from_db()
    assert (asked.has_work, asked.answered_at is not None) == (True, True)


def test_stopping_with_a_reason_costs_nothing_and_the_place_to_ask_stays(browser, award):
    shown = browser.get(url(award, "stop")).content.decode()
    assert "Je betaalt niets" in shown
    assert browser.post(url(award, "stop"), {}).status_code == 200
    browser.post(url(award, "stop"), {"reason": "care"})
    award.refresh_from_db()
    assert (award.status, award.end_reason) == ("cancelled", "stopped:care")
    assert not award.recoveries.exists()
    shown = browser.get(url(award)).content.decode()
    assert "Daar betaal je niets voor." in shown
    with refuses("unknown_reason"):
        proofs.stop(award=award, actor=award.request.worker.user, reason="zomaar")


def test_a_proof_is_kept_five_years_after_its_payment_and_no_day_longer(published):
    award = published.awards.first()
    owner = award.request.worker.user
    proof = files.add(
        actor=owner, request=award.request, purpose="proof", name="d.jpg", data=picture()
    )
    five_years_ago = timezone.now() - timedelta(days=5 * 365 + 1)
    Award.objects.filter(pk=award.pk).update(
        status="determined", determined_at=five_years_ago, determined_amount=0
    )
    call_command("destroy_old_data")
    assert Document.objects.filter(pk=proof.pk).exists()
    Award.objects.filter(pk=award.pk).update(determined_at=five_years_ago - timedelta(days=2))
    call_command("destroy_old_data")
    assert not Document.objects.filter(pk=proof.pk).exists()
    assert Destruction.objects.get(category="proofs").keys_sha256 == keys_sha256(
        "proofs", [proof.pk]
    )


def planned(award, days):
    day = timezone.localdate() + timedelta(days=days)
    Edition.objects.filter(pk=award.choice.edition_id).update(starts_on=day, ends_on=None)


def test_before_the_start_the_page_says_when_and_asks_nothing(browser, award):
    planned(award, 3)
    shown = browser.get(url(award)).content.decode()
    assert "Je opleiding begint op" in shown
    assert url(award, "start") not in shown


def test_on_the_day_the_worker_says_that_it_began_and_sees_the_course(browser, award):
    planned(award, 0)
    shown = browser.get(url(award)).content.decode()
    assert "Is je opleiding begonnen?" in shown
    page = browser.get(url(award, "start")).content.decode()
    assert f'value="{timezone.localdate():%d-%m-%Y}"' in page
    refused = browser.post(url(award, "start"), {"started_on": "1 januari 2999"})
    assert "moet nog komen" in refused.content.decode()
    today = timezone.localdate()
    browser.post(url(award, "start"), {"started_on": f"{today.day}-{today.month}-{today.year}"})
    award.refresh_from_db()
    assert award.started_on == today
    shown = browser.get(url(award)).content.decode()
    assert "Ben je klaar met de opleiding?" in shown
    assert "Ik wil de opleiding toch niet" not in shown
    assert url(award, "stop") in shown
    assert browser.get(url(award, "start")).url == url(award)


def test_while_the_training_goes_on_nothing_is_asked_and_a_proof_can_be_sent(browser, award):
    today = timezone.localdate()
    Edition.objects.filter(pk=award.choice.edition_id).update(
        starts_on=today, ends_on=today + timedelta(days=30)
    )
    starting.start(award=award, actor=award.request.worker.user, started_on=today)
    shown = browser.get(url(award)).content.decode()
    assert "Je opleiding duurt tot en met" in shown
    assert url(award, "proof") in shown


def test_the_counter_writes_down_what_the_school_says_of_a_silent_start(adviser, award):
    planned(award, -8)
    Award.objects.update(granted_at=timezone.now() - timedelta(days=20))
    at_desk = signed_in(adviser)
    assert "Opleidingen die al moesten beginnen: 1" in at_desk.get(desk("home")).content.decode()
    shown = at_desk.get(desk("starts")).content.decode()
    assert award.request.reference in shown
    assert award.request.worker.name not in shown
    day = timezone.localdate() - timedelta(days=8)
    at_desk.post(desk("start", award.pk), {"started_on": "gisteren"})
    at_desk.post(desk("start", award.pk), {"started_on": day.isoformat()})
    award.refresh_from_db()
    assert award.started_on == day
    assert at_desk.post(desk("start", award.pk), {"started_on": "x"}).status_code == 404


def test_who_says_nothing_of_the_start_is_asked_once(award):
    planned(award, -2)
    call_command("send_reminders", "--json")
    assert not Message.objects.filter(kind="start_reminder").exists()
    planned(award, -3)
    call_command("send_reminders", "--json")
    call_command("send_reminders", "--json")
    told = Message.objects.get(kind="start_reminder")
    assert words.words(told)[0] == "Is Lassen begonnen?"


def send(award, kind="diploma", **facts):
    return proofs.send(award=award, actor=award.request.worker.user, kind=kind, **facts)


def test_a_proof_is_refused_until_it_is_whole(browser, award):
    with refuses("no_document"):
        send(award)
    add_photo(browser, award)
    with refuses("attendance_too_low"):
        send(award, "attendance", attendance_percent=79)
    with refuses("signatures_missing"):
        send(award, "practice", work_processes="Laadt goederen", crebo="25778")
    assert not Proof.objects.exists()
    assert send(award, "attendance", attendance_percent=80).attendance_percent == 80


def test_a_paper_that_is_part_of_another_thing_is_not_opened(adviser, sent, award):
    paper = award.request.documents.get()
    Document.objects.filter(pk=paper.pk).update(purpose="offer")
    with refuses("no_document"):
        proofs.open_document(proof=sent, document=Document.objects.get(), actor=adviser)
