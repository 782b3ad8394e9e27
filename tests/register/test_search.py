"""People find trainings by the words that they use, whatever the database."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from budgetpool.demo.catalogue import COURSES
from budgetpool.register import search, words
from budgetpool.register.models import Edition, Provider, Training
from tests.sharing import shared

pytestmark = pytest.mark.django_db
FILE = Path(__file__).with_name("everyday_words.txt")
LEAST = 0.95


def everyday():
    lines = [line for line in FILE.read_text().splitlines() if line and line[0] != "#"]
    return [
        (word, target.strip())
        for target, _, typed in (line.partition(":") for line in lines)
        for word in typed.split()
    ]


@shared
def register(provider):
    """One training of each course of the demo."""
    Training.objects.bulk_create(
        Training(
            provider=provider,
            title=course.title,
            sector=course.sector,
            outcome="participation",
            hours=course.hours,
            price="450.00",
        )
        for course in COURSES
    )


def titles(text, **wish):
    return {one.title for one in search.trainings(search.Wish(text=text, **wish))}


def test_two_hundred_everyday_words_find_something_sensible(register):
    asked = everyday()
    assert len(asked) >= 200
    lost = [
        (word, target)
        for word, target in asked
        if not any(target in words.plain(title) for title in titles(word))
    ]
    share = 1 - len(lost) / len(asked)
    print(f"{share:.1%} of {len(asked)} everyday words; not: {lost}")
    assert share >= LEAST, lost


@pytest.mark.parametrize("word", ["lasser", "nt2", "vorkheftruck", "computer", "verpleegkundige"])
def test_words_that_once_found_nothing(register, word):
    assert titles(word)


def test_a_word_finds_no_more_than_what_it_says(register):
    assert titles("heftruck") == {"Heftruck en reachtruck"}
    assert titles("ik wil lasser worden") == {"Lassen MIG/MAG niveau 1", "Lassen TIG niveau 3"}
    assert titles("vca basis") == {"VCA Basis"}


@pytest.mark.parametrize("word", ["xqzzwv", "12345", "%", "astronaut"])
def test_what_is_not_there_is_not_found(register, word):
    assert titles(word) == set()


def test_all_words_count_and_when_they_never_meet_each_of_them(register):
    assert titles("lassen tig") == {"Lassen TIG niveau 3"}
    assert titles("heftruck nederlands") >= {"Heftruck en reachtruck"}


def test_one_card_for_one_course_with_its_schools_and_starts(register, provider):
    other = Provider.objects.create(name="Leerhuis Zuid", kvk="90000009", vat_status="standard")
    Training.objects.create(
        provider=other, title="VCA Basis", sector="F", outcome="participation", price="295.00"
    )
    today = timezone.localdate()
    found = search.trainings(search.Wish(text="vca"))
    assert search.titles(found) == ["VCA Basis", "VCA voor leidinggevenden"]
    basis, _leading = search.courses(found, search.titles(found), first=today)
    assert {one.provider.name for one in basis.trainings} == {provider.name, other.name}


def test_only_starts_from_a_day_on_count(register):
    training = Training.objects.get(title="VCA Basis")
    today = timezone.localdate()
    for days in (5, 50):
        Edition.objects.create(
            training=training, starts_on=today + timedelta(days=days), place="Almelo", seats=5
        )
    wish = search.Wish(text="vca", place="almelo")
    (found,) = search.trainings(wish, first=today + timedelta(days=30))
    assert found.next_start == today + timedelta(days=50)
