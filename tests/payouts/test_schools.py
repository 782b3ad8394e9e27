"""A school's money and its cancelled starts: what it may bill, and what becomes of its people."""

from datetime import timedelta

import pandas as pd
from django.core.management import call_command
from django.utils import timezone
from djmoney.money import Money

from allocation.decisions import attending, awards, moving, places, proofs, starting
from allocation.models import Award, EditionCancellation, Replacement
from allocation.payouts import cancelling, ending, invoices, planning, queue, replacing
from allocation.rounds import snapshot
from allocation.rules import courses
from budgetpool.mail.models import Message
from budgetpool.register import prices
from budgetpool.register.models import Edition, Provider, ProviderSeat, Training
from tests.allocation.people import ask
from tests.cast import make_person, make_window, make_worker
from tests.refusing import refuses
from tests.sharing import shared
from workers.models import AdviserInterest

TODAY = timezone.localdate


def euros(amount):
    return Money(amount, "EUR")


@shared
def teacher(welding):
    person = make_person("Theo Teacher")
    ProviderSeat.objects.create(user=person, provider=welding.provider)
    return person


@shared
def known_place(award):
    places.let_know(award=award, actor=award.request.worker.user)
    return award


@shared
def later(edition):
    starts_on = TODAY() + timedelta(days=60)
    return Edition.objects.create(training=edition.training, starts_on=starts_on, seats=2)


def bill(award, actor, amount=600, number="2027-31"):
    return invoices.send(
        award=award,
        number=number,
        dated_on=TODAY(),
        amount=euros(amount),
        vat=euros(0),
        actor=actor,
    )


def kinds(user):
    return list(Message.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_a_school_sends_its_invoice_for_its_own_people_only(
    award, teacher, stranger, treasurer, school
):
    with refuses("not_your_school"):
        bill(award, teacher)
    places.let_know(award=award, actor=award.request.worker.user)
    for actor in (stranger, treasurer):
        with refuses("not_your_school"):
            bill(award, actor)
    with refuses("above_register_price"):
        bill(award, teacher, 601)
    invoice = bill(award, teacher)
    assert invoice.entered_by == teacher
    assert planning.advance(invoice=invoice, actor=treasurer).amount_cents == 48_000
    with refuses("no_seat"):
        planning.advance(invoice=invoice, actor=teacher)


def test_a_moved_person_costs_the_fund_no_later_price(known_place, teacher, later, welding):
    """EUR 600 at the award; the school asks EUR 750 by the time that the later start comes."""
    moving.move(award=known_place, edition=later, cause="asked", actor=teacher)
    prices.set_price(training=welding, price=euros(750))
    assert Training.objects.get(pk=welding.pk).price == euros(750)
    Award.objects.filter(pk=known_place.pk).update(granted_at=timezone.now() - timedelta(days=30))
    moved = Award.objects.get(pk=known_place.pk)
    with refuses("above_register_price") as refused:
        bill(moved, teacher, 750)
    assert refused.value.params["most_cents"] == 60_000
    assert bill(moved, teacher, 600).amount_cents == 60_000


def test_a_cancelled_start_moves_everybody_to_another_one(make_award, teacher, edition, later):
    people = [make_award("Anna"), make_award("Bram")]
    assert cancelling.look(edition).awards_count == 2
    cancelling.cancel(edition=edition, cause="too_few", actor=teacher, moved_to=later)
    assert Edition.objects.get(pk=edition.pk).seats == 0
    assert [courses.of(award)[1] for award in people] == [later, later]
    assert [kinds(award.request.worker.user) for award in people] == [["edition_moved"]] * 2
    with refuses("cancelled_before"):
        cancelling.cancel(edition=edition, cause="too_few", actor=teacher)


def test_nobody_is_moved_to_a_start_that_was_before_today(known_place, teacher, edition, later):
    Edition.objects.filter(pk=later.pk).update(starts_on=TODAY() - timedelta(days=1))
    with refuses("begins_before"):
        cancelling.cancel(edition=edition, cause="too_few", actor=teacher, moved_to=later)
    assert not EditionCancellation.objects.exists()


def test_without_another_start_each_keeps_the_award_and_chooses(
    known_place, teacher, treasurer, school, edition, later, opened
):
    invoice = bill(known_place, teacher)
    planning.advance(invoice=invoice, actor=treasurer)
    made = cancelling.cancel(edition=edition, cause="no_teacher", actor=teacher)
    worker = known_place.request.worker.user
    assert kinds(worker)[-1] == "edition_cancelled"
    assert invoice.payouts.get().status == "withdrawn"
    with refuses("not_your_school"):
        places.confirm(award=known_place, actor=teacher)
    assert not starting.silent(opened.fund.region, today=TODAY() + timedelta(days=99)).exists()
    to_choose = replacing.open_for(known_place)
    assert to_choose.choose_by == made.choose_by
    assert [one.pk for one in replacing.options(to_choose, day=TODAY())] == [later.pk]
    assert queue.late_replacements(opened.fund, made.choose_by).count() == 0
    assert queue.late_replacements(opened.fund, made.choose_by + timedelta(days=1)).count() == 1
    replacing.choose(replacement=to_choose, training=later.training, edition=later, actor=worker)
    assert courses.of(known_place)[1] == later
    assert not places.is_shared(known_place)
    assert kinds(teacher)[-1] == "school_new_place"


def test_a_start_that_has_begun_or_has_no_room_elsewhere_is_not_cancelled(
    make_award, teacher, stranger, edition, later, forklift_in_march
):
    first = make_award("Anna")
    make_award("Bram")
    make_award("Chris")
    with refuses("not_at_school"):
        cancelling.cancel(edition=edition, cause="other", actor=stranger)
    for target, code in (
        (forklift_in_march, "other_training"),
        (edition, "same_edition"),
        (later, "edition_full"),
    ):
        with refuses(code):
            cancelling.cancel(edition=edition, cause="other", actor=teacher, moved_to=target)
    places.let_know(award=first, actor=first.request.worker.user)
    starting.begin(award=first, actor=teacher, started_on=TODAY())
    with refuses("begun_already"):
        cancelling.cancel(edition=edition, cause="other", actor=teacher)
    assert not EditionCancellation.objects.exists()
    assert not Replacement.objects.exists()
    assert Edition.objects.get(pk=edition.pk).seats == 10


def test_who_only_asked_for_a_cancelled_start_hears_it_too(opened, teacher, edition):
    window = make_window(opened.fund, "2027-9")
    asking = make_worker("Dina Draft", opened.fund)
    ask(asking, window, edition)
    assert cancelling.look(edition).wishes_count == 1
    cancelling.cancel(edition=edition, cause="too_few", actor=teacher)
    letter = Message.objects.get(user=asking.user)
    assert (letter.kind, letter.params["is_open"]) == ("wish_cancelled", True)


def test_a_place_that_was_only_granted_moves_too_and_the_yes_comes_later(
    make_award, teacher, edition, later
):
    award = make_award("Greta Granted", status=Award.Status.GRANTED)
    cancelling.cancel(edition=edition, cause="other", actor=teacher, moved_to=later)
    accepted = awards.accept(award=award, actor=award.request.worker.user, share=True)
    assert [one.pk for one in places.people(edition.training.provider)] == [accepted.pk]


def test_a_seat_of_an_earlier_round_is_taken_where_the_person_went(
    known_place, teacher, edition, later, chair
):
    """Two seats in the later start, of which one is taken by the move."""
    moving.move(award=known_place, edition=later, cause="asked", actor=teacher)
    frame = pd.DataFrame({"edition_id": [f"e{edition.pk}", f"e{later.pk}"]})
    left = snapshot._editions(frame)
    assert dict(zip(left["edition_id"], left["seats"], strict=True)) == {
        f"e{edition.pk}": 10,
        f"e{later.pk}": 1,
    }


def test_who_gets_a_cancelled_start_afterwards_is_helped_on_by_the_night(
    make_award, teacher, edition, later
):
    """A round that was closed before, or an objection, can still give it."""
    cancelling.cancel(edition=edition, cause="too_few", actor=teacher, moved_to=later)
    people = [make_award(name, status=Award.Status.GRANTED) for name in ("Anna", "Bram", "Chris")]
    call_command("lapse_awards", "--dry-run")
    assert not Replacement.objects.exists()
    call_command("lapse_awards")
    assert [courses.of(award)[1] for award in people] == [later, later, None]
    assert replacing.open_for(people[2]) is not None
    assert cancelling.catch_up() == 0


def test_a_reminder_follows_the_start_that_somebody_was_moved_to(
    known_place, teacher, edition, later
):
    moving.move(award=known_place, edition=later, cause="asked", actor=teacher)
    Edition.objects.filter(pk=edition.pk).update(starts_on=TODAY() - timedelta(days=9))
    call_command("send_reminders")
    worker = known_place.request.worker.user
    assert "start_reminder" not in kinds(worker)
    Edition.objects.filter(pk=later.pk).update(starts_on=TODAY() - timedelta(days=4))
    call_command("send_reminders")
    assert "start_reminder" in kinds(worker)


def test_the_school_hears_that_the_desk_ended_a_training(known_place, teacher, treasurer):
    ending.report(award=known_place, step="cancel", reason="Verhuisd", actor=treasurer)
    assert kinds(teacher)[-1] == "school_person_left"


def test_an_adviser_with_a_tie_to_the_new_school_does_not_judge_its_proof(
    known_place, teacher, edition, later, adviser
):
    """The interest is in the school that gives the training now, not only the one asked for."""
    other = Provider.objects.create(name="Nieuw", kvk="90000031", vat_status="exempt_law")
    training = Training.objects.create(
        provider=other, title="Lassen 2", sector="C", outcome="diploma", price="500.00"
    )
    cancelling.cancel(edition=edition, cause="no_room", actor=teacher)
    new_start = Edition.objects.create(training=training, starts_on=TODAY(), seats=2)
    worker = known_place.request.worker.user
    replacing.choose(
        replacement=replacing.open_for(known_place),
        training=training,
        edition=new_start,
        actor=worker,
        share=True,
    )
    new_teacher = make_person("Nina New")
    ProviderSeat.objects.create(user=new_teacher, provider=other)
    starting.begin(award=known_place, actor=new_teacher, started_on=TODAY())
    begun = Award.objects.get(pk=known_place.pk)
    attending.write(award=begun, week_of=TODAY(), lessons=4, there=4, actor=new_teacher)
    proof = proofs.send_by_school(award=begun, actor=new_teacher, kind="attendance")
    AdviserInterest.objects.create(adviser=adviser, provider=other)
    with refuses("own_interest"):
        proofs.accept(proof=proof, actor=adviser)
