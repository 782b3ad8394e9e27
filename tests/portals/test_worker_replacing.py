"""A worker whose school dropped out keeps the award and chooses another training."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.models import Exclusion, Replacement
from allocation.payouts import replacing
from allocation.rules import exclusions
from budgetpool.register.models import Edition, Provider, Training
from tests.cast import signed_in
from tests.payouts.conftest import *  # noqa: F403

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_edition():
    provider = Provider.objects.create(name="Vakschool", kvk="90000011", vat_status="exempt_law")
    training = Training.objects.create(
        provider=provider, title="Lassen 2", sector="C", outcome="diploma", price="650.00"
    )
    return Edition.objects.create(
        training=training, starts_on=timezone.localdate() + timedelta(days=10), seats=1
    )


@pytest.fixture
def dropout(award, make_award, school, treasurer):
    make_award("Wanda Worker")
    return replacing.drop_out(
        fund=school.fund,
        provider=school.provider,
        reason="Expelled",
        choose_by=timezone.localdate() + timedelta(days=21),
        actor=treasurer,
    )


def browser_of(award):
    return signed_in(award.request.worker.user)


def address(award, name="replacement"):
    return reverse(f"apply:{name}", args=[award.request.pk])


def test_the_worker_sees_what_to_do_and_chooses_another_training(award, dropout, other_edition):
    browser = browser_of(award)
    assert "Kies een andere opleiding" in browser.get(address(award, "request")).content.decode()
    listed = browser.get(address(award)).content.decode()
    assert "Lassen 2" in listed
    assert dropout.provider.name not in listed
    looked = browser.get(address(award), {"edition": other_edition.pk}).content.decode()
    assert "Je betaalt zelf €\xa050" in looked
    browser.post(address(award), {"edition": other_edition.pk})
    assert Replacement.objects.get(award=award).edition == other_edition
    shown = browser.get(address(award, "request")).content.decode()
    assert "Je doet nu Lassen 2 bij Vakschool." in shown
    assert browser.get(address(award)).status_code == 404


def test_a_full_training_is_no_choice_for_the_next_one(award, dropout, other_edition):
    first, second = Replacement.objects.order_by("pk")
    browser_of(first.award).post(address(first.award), {"edition": other_edition.pk})
    browser = browser_of(second.award)
    assert "Lassen 2" not in browser.get(address(second.award)).content.decode()
    browser.post(address(second.award), {"edition": other_edition.pk})
    second.refresh_from_db()
    assert second.training is None


def test_without_a_drop_out_there_is_nothing_to_choose(award):
    assert browser_of(award).get(address(award)).status_code == 404


def test_somebody_else_does_not_choose_for_a_worker(award, dropout, other_edition, stranger):
    assert signed_in(stranger).get(address(award)).status_code == 404
    assert (
        signed_in(stranger).post(address(award), {"edition": other_edition.pk}).status_code == 404
    )
    assert not Replacement.objects.filter(training__isnull=False).exists()


def test_a_provider_that_is_excluded_is_not_offered(opened, edition, chair, make_award):
    award = make_award("Willem Worker")
    browser = browser_of(award)
    listed = reverse("apply:trainings", args=[award.request.pk])
    one = reverse("apply:training", args=[award.request.pk, edition.training_id])
    assert "Lassen" in browser.get(listed).content.decode()
    term = exclusions.exclude(
        fund=opened.fund,
        provider=edition.training.provider,
        until=timezone.localdate() + timedelta(days=90),
        reason="False invoices",
        actor=chair,
    )
    Exclusion.objects.filter(pk=term.pk).update(from_date=timezone.localdate() - timedelta(days=40))
    assert "Lassen" not in browser.get(listed).content.decode()
    assert browser.get(one).status_code == 404
