"""Prices of a school: a history without holes, a rise that comes late, and no rise for an award."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from djmoney.money import Money

from budgetpool.audit.models import AuditEvent
from budgetpool.register import prices
from budgetpool.register.models import ProviderSeat, Training, TrainingPrice
from tests.cast import make_person
from tests.refusing import refuses
from tests.sharing import shared

TODAY = timezone.localdate


def euros(amount):
    return Money(amount, "EUR")


def in_days(days):
    return TODAY() + timedelta(days=days)


@shared
def teacher(forklift):
    person = make_person("Theo Teacher")
    ProviderSeat.objects.create(user=person, provider=forklift.provider)
    return person


def price_of(training):
    return Training.objects.get(pk=training.pk).price


def test_a_price_of_a_later_day_does_not_hold_today(forklift):
    prices.set_price(training=forklift, price=euros(495), on=in_days(90))
    assert price_of(forklift) == forklift.price == euros(450)
    assert prices.price_on(forklift, in_days(89)) == euros(450)
    assert prices.price_on(forklift, in_days(90)) == euros(495)


def test_the_price_before_the_first_change_is_kept_for_who_has_an_award(forklift):
    """Without it an award of last year found the new price, and the fund paid the rise."""
    assert not forklift.prices.exists()
    prices.set_price(training=forklift, price=euros(600))
    assert prices.price_on(forklift, in_days(-400)) == euros(450)
    assert prices.price_on(forklift, TODAY()) == euros(600)


def test_a_rise_is_announced_sixty_days_before_and_a_fall_may_hold_today(forklift, teacher):
    with refuses("notice_too_short") as refused:
        prices.announce(training=forklift, price=euros(495), valid_from=in_days(59), actor=teacher)
    assert refused.value.params["first_on"] == in_days(60).isoformat()
    prices.announce(training=forklift, price=euros(495), valid_from=in_days(60), actor=teacher)
    prices.announce(training=forklift, price=euros(420), valid_from=TODAY(), actor=teacher)
    assert price_of(forklift) == euros(420)
    event = AuditEvent.objects.filter(action="training.price_announced").latest("pk")
    assert (event.actor, event.details["price_cents"]) == (teacher, 42_000)


def test_no_rise_hides_behind_a_fall_that_is_announced_first(forklift, teacher):
    prices.announce(training=forklift, price=euros(100), valid_from=in_days(1), actor=teacher)
    with refuses("notice_too_short"):
        prices.announce(training=forklift, price=euros(450), valid_from=in_days(2), actor=teacher)


def test_a_past_day_another_school_and_a_wrong_amount_are_refused(forklift, teacher, stranger):
    with refuses("price_in_past"):
        prices.announce(training=forklift, price=euros(1), valid_from=in_days(-1), actor=teacher)
    with refuses("not_at_school"):
        prices.announce(training=forklift, price=euros(1), valid_from=TODAY(), actor=stranger)
    for amount in (Money(400, "USD"), euros(-5), euros(44)):
        with pytest.raises(ValidationError):
            prices.announce(training=forklift, price=amount, valid_from=TODAY(), actor=teacher)
    assert not TrainingPrice.objects.exists()
    assert price_of(forklift) == euros(450)


def test_the_night_gives_each_training_the_price_of_its_day(forklift, dutch):
    prices.set_price(training=forklift, price=euros(495), on=in_days(60))
    assert prices.renew(Training.objects.all(), today=in_days(59)) == []
    assert prices.renew(Training.objects.all(), today=in_days(60)) == [forklift]
    assert price_of(forklift) == euros(495)
    assert prices.renew(Training.objects.all(), today=in_days(61)) == []
    assert price_of(dutch) == euros(890)


def test_the_command_of_the_night_says_how_many_changed(forklift, capsys):
    prices.set_price(training=forklift, price=euros(495), on=in_days(60))
    TrainingPrice.objects.filter(price=495).update(valid_from=TODAY())
    call_command("renew_prices", "--dry-run")
    assert price_of(forklift) == euros(450)
    call_command("renew_prices")
    assert price_of(forklift) == euros(495)
    assert "1 prices" in capsys.readouterr().out
