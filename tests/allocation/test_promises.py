"""What the product promises about the school is done: each sentence leads to a message to it.

The sentences come from the catalogue. A new one that promises something of a school has to be
put in the table below, with the event that keeps it.
"""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from allocation.decisions import awards, places, proofs, starting
from allocation.models import Award
from budgetpool.mail import words
from budgetpool.mail.models import Message
from tests.cast import make_teacher
from tests.workers.test_files import picture

CATALOGUE = Path(__file__).resolve().parents[2] / "budgetpool/locale/nl/LC_MESSAGES/django.po"
# Somebody tells the school something, or the school will do something for a person.
PROMISING = re.compile(
    r"school hears|ask the school|tell the school|pays? the school|to the school\.|"
    r"school (tells|sends|gets|now knows|can tell)|then it can tell|"
    r"school does not see",
    re.IGNORECASE,
)
TODAY = timezone.localdate


def yes(award, **people):
    awards.accept(award=award, actor=award.request.worker.user)


def shared(award, **people):
    awards.accept(award=award, actor=award.request.worker.user, share=True)


def asked(award, adviser, **people):
    yes(award)
    starting.ask_school(award=award, actor=adviser)


def completed(award, adviser, teacher, **people):
    shared(award)
    award = starting.begin(award=award, actor=teacher, started_on=TODAY())
    proofs.add_paper(award=award, actor=teacher, name="c.jpg", data=picture())
    proof = proofs.send_by_school(award=award, actor=teacher, kind="certificate")
    proofs.accept(proof=proof, actor=adviser)


def set_right(award, adviser, teacher, **people):
    shared(award)
    places.say_gone(award=award, actor=teacher, gone="absent", on=TODAY())
    places.set_right(award=award, actor=adviser)


def left(award, **people):
    yes(award)
    awards.decline(award=award, actor=award.request.worker.user)


def nothing(award, **people):
    """There is nothing to tell the school."""


# What keeps each promise: the event, the message to the school, and what that message says.
KEPT = {
    yes: ("school_new_place", "Stuur je factuur naar het fonds"),
    shared: ("school_new_person", "vertel de persoon waar en wanneer de lessen zijn"),
    asked: ("school_did_it_begin", "op welke dag de eerste les was"),
    completed: ("school_completed", "betaalt de rest van je factuur"),
    set_right: ("school_set_right", "De opleiding gaat door"),
    left: ("school_person_left", "De plaats is vrij"),
}
PROMISES = {
    "With 0% per school no school gets any money.": nothing,  # a warning to the board about a rule
    "You said yes. The school hears from us.": yes,
    "The fund pays %(amount)s to the school. You pay nothing in advance.": yes,
    "The fund pays the school. You pay nothing in advance.": yes,
    "You choose the training. It may be for another sector. The fund pays the school.": yes,
    "The school sends its bill to the fund.": yes,
    "The school tells you where and when. Have fun!": shared,
    "Then the school can tell you where and when. You can stop this.": shared,
    "The school does not know who you are yet. May it know your name, e-mail address and phone "
    "number? Then it can tell you where and when.": shared,
    "Yes, tell the school": shared,
    "The school now knows that you come.": shared,
    "Call us. Then we ask the school.": asked,
    "Did it not begin? Call us. Then we ask the school.": asked,
    "Ask the school": asked,
    "The school gets a message.": asked,
    "Congratulations! We pay the school the rest.": completed,
    "Congratulations! Your proof is right. We pay the school the rest.": completed,
    "These people say that they finished their training. After your look the school gets the "
    "rest.": completed,
    "The training goes on. The school gets a message.": set_right,
    "The school does not see you any more.": nothing,
}


def sentences():
    """Every sentence of the catalogue that is in use."""
    text = CATALOGUE.read_text()
    for block in text.split("\n\n"):
        found = re.search(r'^msgid ((?:".*"\n?)+)', block, re.MULTILINE)
        if found and not block.startswith("#~"):
            yield "".join(re.findall(r'"(.*)"', found.group(1))).replace('\\"', '"')


def test_every_promise_about_the_school_is_in_the_table():
    promised = {sentence for sentence in sentences() if PROMISING.search(sentence)}
    assert promised - set(PROMISES) == set()
    assert set(PROMISES) - promised == set()


@pytest.mark.parametrize("event", KEPT, ids=lambda event: event.__name__)
def test_what_is_promised_causes_a_message_to_everybody_of_the_school(
    event, published, welding, adviser
):
    teacher = make_teacher("Tina Teacher", welding.provider)
    colleague = make_teacher("Ton Teacher", welding.provider)
    award = Award.objects.filter(round=published).order_by("pk").first()
    event(award, adviser=adviser, teacher=teacher)
    kind, said = KEPT[event]
    for person in (teacher, colleague):
        message = Message.objects.get(user=person, kind=kind)
        subject, text = words.words(message)
        assert said in text, text
        assert award.request.worker.name not in subject + text


def test_every_promise_is_kept_by_something():
    assert set(PROMISES.values()) - {nothing} <= set(KEPT)
