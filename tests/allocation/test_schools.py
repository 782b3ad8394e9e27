"""What a school sees and says: only its own people, who said yes and let it know who they are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allocation.decisions import attending, awards, moving, places, proofs, starting
from allocation.models import Award, Place
from allocation.payouts import ending
from allocation.rules import courses
from budgetpool.audit.models import AuditEvent
from budgetpool.mail.models import Message
from budgetpool.register import seats
from budgetpool.register.models import Edition, Provider, ProviderSeat
from tests.cast import make_person
from tests.refusing import refuses
from tests.sharing import shared
from tests.workers.test_files import picture
from workers.counter import mandates

TODAY = timezone.localdate


@shared
def teacher(welding):
    """Somebody who sits at the welding school."""
    person = make_person("Theo Teacher")
    ProviderSeat.objects.create(user=person, provider=welding.provider)
    return person


@shared
def other_teacher(db):
    """The double: somebody of another school."""
    person = make_person("Olga Other")
    school = Provider.objects.create(name="Rijschool", kvk="90000077", vat_status="standard")
    ProviderSeat.objects.create(user=person, provider=school)
    return person


@shared
def granted(published):
    return Award.objects.filter(round=published).order_by("pk").first()


@shared
def award(granted, teacher):
    """Accepted, and the school may know who it is."""
    return awards.accept(award=granted, actor=granted.request.worker.user, share=True)


@shared
def person(award):
    return award.request.worker.user


@shared
def later(edition):
    return Edition.objects.create(
        training=edition.training, starts_on=TODAY() + timedelta(days=120), seats=1, place="Almelo"
    )


def seen(provider):
    return [one.pk for one in places.people(provider)]


def kinds(user):
    return list(Message.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_a_school_sees_who_said_yes_and_shared_and_nobody_else(granted, teacher, welding, stranger):
    school = welding.provider
    assert seen(school) == []
    worker = granted.request.worker.user
    award = awards.accept(award=granted, actor=worker)
    assert (seen(school), places.unnamed_count(school)) == ([], 1)
    with refuses("not_your_school"):
        places.confirm(award=award, actor=teacher)
    with refuses("not_yours"):
        places.let_know(award=award, actor=stranger)
    with refuses("not_yours"):
        places.let_know(award=award, actor=teacher)
    places.let_know(award=award, actor=worker)
    assert (seen(school), places.unnamed_count(school)) == ([award.pk], 0)
    places.stop_sharing(award=award, actor=worker)
    assert seen(school) == []
    with refuses("not_your_school"):
        places.confirm(award=award, actor=teacher)
    places.let_know(award=award, actor=worker)
    assert seen(school) == [award.pk]


def test_nobody_is_shared_before_the_yes(granted):
    with refuses("wrong_step"):
        places.let_know(award=granted, actor=granted.request.worker.user)


def test_another_school_an_ended_seat_and_an_ended_school_see_nobody(
    award, teacher, other_teacher, welding
):
    with refuses("not_your_school"):
        places.confirm(award=award, actor=other_teacher)
    ProviderSeat.objects.filter(user=teacher).update(
        since=TODAY() - timedelta(days=9), until=TODAY() - timedelta(days=1)
    )
    with refuses("not_your_school"):
        places.confirm(award=award, actor=teacher)
    ProviderSeat.objects.filter(user=teacher).update(until=None)
    welding.provider.status = Provider.Status.ENDED
    welding.provider.save()
    with refuses("not_your_school"):
        places.confirm(award=award, actor=teacher)


def test_every_look_stands_on_the_persons_own_page(award, teacher):
    places.look(awards=[award], actor=teacher)
    event = AuditEvent.objects.get(action="award.seen", actor=teacher)
    assert (event.subject_id, event.details["why"]) == (str(award.pk), "school")


def test_the_school_confirms_a_place_and_the_person_hears_it_once(award, teacher, person):
    assert places.confirm(award=award, actor=teacher).confirmed_by == teacher
    places.confirm(award=award, actor=teacher)
    assert kinds(person).count("place_confirmed") == 1


def test_the_school_hears_who_comes_who_does_not_and_who_left(granted, teacher, published):
    worker = granted.request.worker.user
    award = awards.accept(award=granted, actor=worker, share=True)
    assert kinds(teacher) == ["school_new_person"]
    letter = Message.objects.get(user=teacher)
    assert award.request.worker.name not in str(letter.params)
    awards.decline(award=award, actor=worker)
    assert kinds(teacher) == ["school_new_person", "school_person_left"]
    other = Award.objects.filter(round=published, status="granted").first()
    awards.accept(award=other, actor=other.request.worker.user)
    assert kinds(teacher)[2:] == ["school_new_place"]


def test_a_no_before_any_yes_is_no_news_for_the_school(granted, teacher):
    awards.decline(award=granted, actor=granted.request.worker.user)
    assert kinds(teacher) == []


def test_a_move_keeps_the_award_takes_a_seat_and_tells_the_person(
    award, teacher, person, edition, later
):
    before = courses.taken(edition)
    moving.move(award=award, edition=later, cause="asked", actor=teacher)
    assert courses.of(award)[1] == later
    assert (courses.taken(edition), courses.taken(later)) == (before - 1, 1)
    assert courses.taken_of(Edition.objects.all())[later.pk] == 1
    assert starting.planned_on(award) == later.starts_on
    assert kinds(person)[-1] == "edition_moved"
    assert award.amount == Award.objects.get(pk=award.pk).amount


def test_a_move_is_refused_where_there_is_no_seat_or_no_sense(
    award, teacher, other_teacher, edition, later, forklift_in_march, published
):
    with refuses("not_your_school"):
        moving.move(award=award, edition=later, cause="asked", actor=other_teacher)
    with refuses("other_training"):
        moving.move(award=award, edition=forklift_in_march, cause="asked", actor=teacher)
    with refuses("same_edition"):
        moving.move(award=award, edition=edition, cause="asked", actor=teacher)
    Edition.objects.filter(pk=later.pk).update(seats=0)
    with refuses("edition_full"):
        moving.move(award=award, edition=later, cause="asked", actor=teacher)
    Edition.objects.filter(pk=later.pk).update(seats=1, starts_on=TODAY() - timedelta(days=1))
    with refuses("begins_before"):
        moving.move(award=award, edition=later, cause="asked", actor=teacher)
    Edition.objects.filter(pk=later.pk).update(starts_on=TODAY() + timedelta(days=9))
    starting.begin(award=award, actor=teacher, started_on=TODAY())
    with refuses("has_started"):
        moving.move(award=award, edition=later, cause="asked", actor=teacher)


def test_two_people_do_not_get_the_last_seat(award, teacher, later, published):
    second = Award.objects.filter(round=published, status="granted").first()
    second = awards.accept(award=second, actor=second.request.worker.user, share=True)
    moving.move(award=award, edition=later, cause="full", actor=teacher)
    with refuses("edition_full"):
        moving.move(award=second, edition=later, cause="full", actor=teacher)


def test_the_school_writes_the_start_and_the_lessons_of_each_week(award, teacher):
    with refuses("not_begun"):
        attending.write(award=award, week_of=TODAY(), lessons=3, there=2, actor=teacher)
    begun = starting.begin(award=award, actor=teacher, started_on=TODAY())
    assert begun.started_on == TODAY()
    assert AuditEvent.objects.get(action="award.started").details["word"] == "school"
    assert attending.percent(begun) is None
    with refuses("more_than_lessons"):
        attending.write(award=begun, week_of=TODAY(), lessons=3, there=4, actor=teacher)
    with refuses("day_to_come"):
        attending.write(
            award=begun, week_of=TODAY() + timedelta(days=7), lessons=3, there=2, actor=teacher
        )
    with refuses("not_begun"):
        attending.write(
            award=begun, week_of=TODAY() - timedelta(days=8), lessons=3, there=2, actor=teacher
        )
    attending.write(award=begun, week_of=TODAY(), lessons=9, there=8, actor=teacher)
    week = attending.write(award=begun, week_of=TODAY(), lessons=9, there=7, actor=teacher)
    assert (week.week_on.weekday(), attending.percent(begun)) == (0, 77)


def test_nobody_elsewhere_writes_a_start_or_a_week(award, teacher, other_teacher, treasurer):
    for actor in (other_teacher, treasurer):
        with refuses("not_your_school"):
            starting.begin(award=award, actor=actor, started_on=TODAY())
    starting.begin(award=award, actor=teacher, started_on=TODAY())
    with refuses("not_your_school"):
        attending.write(award=award, week_of=TODAY(), lessons=3, there=2, actor=other_teacher)


def test_a_no_show_is_the_schools_word_and_the_counters_decision(
    award, teacher, person, adviser, twente
):
    with refuses("not_begun"):
        places.say_gone(award=award, actor=teacher, gone="stopped", on=TODAY())
    with refuses("day_to_come"):
        places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY() + timedelta(days=1))
    places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY())
    assert Award.objects.get(pk=award.pk).status == "accepted"
    assert kinds(person)[-1] == "school_says_absent"
    assert [place.award_id for place in places.gone(twente.region)] == [award.pk]
    with refuses("said_before"):
        places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY())
    ending.report(award=award, step="no_show", reason="Person was heard", actor=adviser)
    assert not places.gone(twente.region).exists()
    assert seen(award.choice.training.provider) == []


def test_whoever_was_there_after_all_is_set_right(award, teacher, person, adviser, chair, twente):
    places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY())
    with refuses("no_seat"):
        places.set_right(award=award, actor=chair)
    places.set_right(award=award, actor=adviser)
    assert not places.gone(twente.region).exists()
    assert kinds(teacher)[-1] == "school_set_right"
    places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY())
    starting.start(award=award, actor=person, started_on=TODAY())
    assert Place.objects.get(award=award).gone == ""
    with refuses("has_started"):
        places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY())
    places.say_gone(award=award, actor=teacher, gone="stopped", on=TODAY())
    assert kinds(person)[-1] == "school_says_stopped"


def test_completion_needs_a_paper_or_enough_lessons_and_somebody_elses_look(
    award, teacher, other_teacher, adviser
):
    with refuses("not_begun"):
        proofs.send_by_school(award=award, actor=teacher, kind="certificate")
    award = starting.begin(award=award, actor=teacher, started_on=TODAY())
    with refuses("no_document"):
        proofs.send_by_school(award=award, actor=teacher, kind="certificate")
    with refuses("not_your_school"):
        proofs.add_paper(award=award, actor=other_teacher, name="c.jpg", data=picture())
    with refuses("attendance_too_low"):
        proofs.send_by_school(award=award, actor=teacher, kind="attendance")
    attending.write(award=award, week_of=TODAY(), lessons=10, there=7, actor=teacher)
    with refuses("attendance_too_low"):
        proofs.send_by_school(award=award, actor=teacher, kind="attendance")
    proofs.add_paper(award=award, actor=teacher, name="certificaat.jpg", data=picture())
    proof = proofs.send_by_school(award=award, actor=teacher, kind="certificate")
    assert proof.organisation == "Lasschool"
    with refuses("no_seat"):
        proofs.accept(proof=proof, actor=teacher)
    proofs.refuse(proof=proof, actor=adviser, answer="De naam ontbreekt.")
    assert kinds(teacher)[-1] == "school_proof_refused"
    again = proofs.send_by_school(award=award, actor=teacher, kind="certificate")
    proofs.accept(proof=again, actor=adviser)
    assert Award.objects.get(pk=award.pk).status == "completed"
    assert kinds(teacher)[-1] == "school_completed"


def test_a_practice_declaration_of_the_school_names_crebo_and_three_signatures(award, teacher):
    award = starting.begin(award=award, actor=teacher, started_on=TODAY())
    proofs.add_paper(award=award, actor=teacher, name="verklaring.jpg", data=picture())
    with refuses("signatures_missing"):
        proofs.send_by_school(
            award=award, actor=teacher, kind="practice", crebo="25778", work_processes="Last"
        )
    signed = [proofs.Signed(role, "Naam", TODAY()) for role in ("learner", "trainer", "assessor")]
    proof = proofs.send_by_school(
        award=award,
        actor=teacher,
        kind="practice",
        crebo="25778",
        work_processes="Last hoeknaden",
        signatures=signed,
    )
    assert (proof.crebo, proof.signatures.count()) == ("25778", 3)


def test_a_move_is_written_once(award, teacher, later):
    moved = moving.move(award=award, edition=later, cause="asked", actor=teacher)
    with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
        type(moved).objects.filter(pk=moved.pk).update(cause="full")


def test_what_the_school_said_is_said_by_somebody(award):
    with pytest.raises(IntegrityError, match="place_gone_said"), transaction.atomic():
        Place.objects.filter(award=award).update(gone="absent")


def test_a_place_that_is_shared_by_a_helper_needs_their_mandate(granted, teacher, adviser):
    worker = granted.request.worker
    award = awards.accept(award=granted, actor=worker.user)
    with refuses("not_yours"):
        places.let_know(award=award, actor=adviser)
    mandates.give(actor=worker.user, worker=worker, adviser=adviser, scope="follow", given="web")
    places.let_know(award=award, actor=adviser)
    assert places.is_shared(award)


def test_a_seat_is_given_by_the_counter_or_the_board_and_never_to_oneself(
    twente, welding, adviser, chair, treasurer, adviser_of_drenthe
):
    facts = {"provider": welding.provider, "region": twente.region}
    for actor in (treasurer, adviser_of_drenthe):
        with refuses("no_seat"):
            seats.give(**facts, email="docent@school.nl", name="Doris Docent", actor=actor)
    with refuses("same_person"):
        seats.give(**facts, email=adviser.email.upper(), name="", actor=adviser)
    with refuses("name_missing"):
        seats.give(**facts, email="docent@school.nl", name=" ", actor=adviser)
    closed = make_person("Kees Closed", is_active=False)
    with refuses("account_closed"):
        seats.give(**facts, email=closed.email, name="", actor=adviser)
    seat = seats.give(**facts, email="Docent@school.nl", name="Doris Docent", actor=adviser)
    assert kinds(seat.user) == ["school_seat"]
    second = seats.give(**facts, email="tweede@school.nl", name="Ton Tweede", actor=chair)
    assert seats.people_of(welding.provider) == [seat.user, second.user]
    with refuses("no_seat"):
        seats.end(seat=seat, region=twente.region, actor=treasurer)
    seats.end(seat=seat, region=twente.region, actor=adviser)
    assert seats.people_of(welding.provider) == [second.user]
    assert AuditEvent.objects.filter(action__startswith="provider_seat.").count() == 3
    seats.give(**facts, email="docent@school.nl", name="", actor=adviser)
    assert len(seats.people_of(welding.provider)) == 2
