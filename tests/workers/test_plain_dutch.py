"""Everything that a worker reads is plain Dutch: pages, letters, messages, reasons, errors."""

import pytest
from django.urls import reverse
from django.utils import translation

from allocation.models import Decision
from allocation.optimiser.explanation.reasons import REASONS
from budgetpool import refusals
from budgetpool.mail import reasons, words
from budgetpool.mail.kinds import KINDS
from budgetpool.mail.models import Message
from budgetpool.refusals import awards, files
from budgetpool.refusals import requests as requests_
from tests import plain_dutch
from tests.cast import signed_in
from tests.plain_dutch import WORDS_MAX
from workers import requests
from workers.learning.statements import STATEMENTS

PARAMS = {
    "reference": "R-0412",
    "window": "2027-1",
    "round": "2027-1",
    "closes_at": "2027-01-29T17:00:00+01:00",
    "submitted_at": "2027-01-12T14:02:00+01:00",
    "filed_at": "2027-03-01T10:00:00+01:00",
    "hearing_at": "2027-03-20T14:00:00+01:00",
    "place": "Het loket",
    "choices": ["Heftruck rijden", "Nederlands op het werk"],
    "training": "Heftruck rijden",
    "provider": "De Kade",
    "amount_cents": 45_000,
    "accept_by": "2027-03-12",
    "object_by": "2027-04-02",
    "decide_by": "2027-05-14",
    "repair_until": "2027-02-05",
    "kept_until": "2032-02-05",
    "until_on": "2027-07-01",
    "adviser": "Ad de Vries",
    "worker": "Ewa",
    "scope": "fill",
    "url": "https://fonds.example.nl/helping/x",
    "link_until": "2027-02-12",
    "region": "twente",
    "months": 3,
    "outcome": "dismissed",
    "answer": "",
    "fund": "Scholingsfonds Twente",
    "fund_phone": "053 000 00 00",
    "rule_name": "Verordening Scholingsfonds Twente",
    "facts": {"education": "mbo2", "contract": "on_call", "hours_trained": 8},
}
REASON = {
    "request_not_possible": ("study_finance", {}),
    "decision_awarded": ("awarded", {"points": 85}),
    "decision_refused": ("below_cutoff", {"points": 70, "needed": 71}),
}


# What a message about nobody in particular tells.
OF_KIND = {
    "what_waits": {
        "count": 3,
        "desks": [
            {
                "name": "Penningmeester, Twente",
                "path": "/treasurer/twente",
                "lines": ["Stortingen: 2"],
            },
            {"name": "Loket, Twente", "path": "/counter/twente", "lines": ["Bewijzen: 1"]},
        ],
        "stop_path": "/account/daily/x",
    },
}


def assert_plain(text, name):
    assert plain_dutch.faults(text) == [], name


def message(kind, language="nl", **params):
    reason, reason_params = REASON.get(kind, ("", {}))
    told = {**PARAMS, "reason": reason, "reason_params": reason_params}
    told |= OF_KIND.get(kind, {}) | params
    return Message(
        kind=kind, channel="email", language=language, to_name="Ewa", to="e@x.nl", params=told
    )


def test_the_measure_knows_hard_from_plain():
    hard = (
        "Derhalve dient de aanvrager teneinde voor subsidieverlening in aanmerking te komen "
        "de desbetreffende bewijsstukken binnen de gestelde termijn te verstrekken."
    )
    reading = plain_dutch.read(hard)
    assert reading.ease < 40
    assert reading.longest_words > WORDS_MAX
    assert {"derhalve", "teneinde", "verstrekken"} <= set(reading.forbidden)
    assert plain_dutch.read("Je krijgt een brief. Daar staat in wat het fonds zegt.").ease > 80


@pytest.mark.parametrize("kind", KINDS)
def test_each_message_is_plain(kind):
    subject, text = words.words(message(kind))
    assert_plain(f"{subject}.\n{text}", kind)


@pytest.mark.parametrize("kind", [kind for kind, one in KINDS.items() if one.letter])
def test_each_letter_is_plain_its_legal_block_included(kind):
    page = (
        words.letter_html(message(kind)).replace("<body>", "<main>").replace("</body>", "</main>")
    )
    assert_plain(plain_dutch.of_page(page), kind)


PARAMS_OF_REASONS = {
    "awarded": {"points": 85},
    "awarded_part": {"share_percent": 60, "asked_cents": 90_000},
    "below_cutoff": {"points": 70, "needed": 71},
    "lot_lost": {"lot": 7, "candidates": 13, "places": 9},
    "edition_full": {"edition_id": "e12"},
    "cap_reached": {"cap": "provider", "value": "p1"},
    "amount_too_large": {"amount_cents": 195_000},
    "too_young": {"age": 18},
    "pension_age": {"age": 67},
    "excluded": {"until": "2027-06-30"},
}


def test_every_reason_that_a_division_or_the_board_gives_has_words():
    assert set(REASONS) | set(Decision.Reason.values) <= set(reasons.WHY)


@pytest.mark.parametrize("code", reasons.WHY)
def test_each_reason_is_two_or_three_plain_sentences(code):
    with translation.override("nl"):
        said = reasons.why(code, PARAMS_OF_REASONS.get(code, {}))
        now = reasons.what_now(code)
    assert 1 <= len(plain_dutch.sentences(" ".join(said))) <= 3
    # One reason is too short to measure its ease alone; it is read with what can be done now.
    assert_plain("\n".join([*said, *now]), code)


def test_what_would_have_changed_it_is_plain_and_only_what_was_confirmed():
    with translation.override("nl"):
        assert reasons.what_would_change({"points": 70, "needed": 71}) == []
        said = reasons.what_would_change(
            {"would_change": {"points": 71, "amount_cents": 30_000, "ceiling_cents": 50_720_000}}
        )
    assert said[2] == "Je had de opleiding wel gekregen als er €\xa0507.200 te verdelen was."
    for sentence in said:
        assert len(plain_dutch.words(sentence)) <= WORDS_MAX


def test_each_refusal_that_a_worker_meets_says_plainly_what_to_do():
    params = {
        "opens_at": "2027-01-12T14:02:00+01:00",
        "closed_at": "2027-01-12T14:02:00+01:00",
        "deadline_on": "2027-01-12",
        "started_on": "2027-01-12",
        "granted_on": "2027-01-12",
        "most_on": "2027-01-12",
        "request": "R-0412",
        "reference": "case-17",
        "starts_on": "2027-01-12",
        "first_on": "2027-01-12",
        "seats": ["bestuurslid (Twente)"],
        "most_cents": 45_000,
        "most": 10,
        "price_cents": 45_000,
        "least": 80,
        "facts": ["sector"],
    }
    codes = requests_.SENTENCES | files.SENTENCES | awards.SENTENCES
    with translation.override("nl"):
        said = [refusals.say(code, params) for code in codes]
    for text in said:
        reading = plain_dutch.read(text)
        assert reading.forbidden == [], text
        assert reading.longest_words <= WORDS_MAX, text
    assert_plain("\n".join(said), "refusals")


def test_the_statements_and_their_advice_are_plain():
    with translation.override("nl"):
        assert_plain("\n".join(str(one.text) for one in STATEMENTS), "statements")
        assert_plain("\n".join(str(one.advice) for one in STATEMENTS), "advice")


OWN = ["worker:home", "worker:learning", "worker:month", "worker:intake", "worker:help",
       "worker:letter", "worker:data", "worker:erase", "worker:own-helpers", "worker:strengths",
       "worker:story"]  # fmt: skip
OF_REGION = ["worker:start", "worker:check", "worker:ask-help", "worker:benefits"]
OF_REQUEST = ["request", "choices", "trainings", "propose", "files", "priority", "summary",
              "withdraw", "arrangement"]  # fmt: skip
QUESTIONS = ["name", "reach", "work", "learning", "goal"]


@pytest.fixture
def pages(worker, adviser, draft_of_worker, twente):
    """Each page of a worker, by name."""
    browser = signed_in(worker.user)
    addresses = {name: reverse(name) for name in OWN}
    addresses |= {name: reverse(name, args=[twente.region.slug]) for name in OF_REGION}
    addresses |= {name: reverse(f"apply:{name}", args=[draft_of_worker.pk]) for name in OF_REQUEST}
    addresses |= {
        slug: reverse("apply:step", args=[draft_of_worker.pk, slug]) for slug in QUESTIONS
    }
    addresses["choice"] = reverse("apply:choice", args=[draft_of_worker.pk, 1])
    training = draft_of_worker.choices.get().training_id
    addresses["training"] = reverse("apply:training", args=[draft_of_worker.pk, training])
    answers = {name: browser.get(address) for name, address in addresses.items()}
    # The same pages with everything wrong that can be: errors are read too.
    for slug in QUESTIONS[:-1]:  # the goal may stay empty
        answers[f"{slug} with errors"] = browser.post(addresses[slug], {"birth_date": "x"})
    requests.submit(actor=worker.user, request=draft_of_worker, consent=True)
    for name in ("request", "receipt"):
        answers[f"sent {name}"] = browser.get(reverse(f"apply:{name}", args=[draft_of_worker.pk]))
    return answers


def test_every_page_of_a_worker_is_plain(pages):
    hard = {}
    for name, answer in pages.items():
        assert answer.status_code == 200, name
        found = plain_dutch.faults(plain_dutch.of_page(answer.content.decode()))
        if found:
            hard[name] = found
    assert hard == {}


def test_no_page_of_a_worker_is_half_english(pages):
    for name, answer in pages.items():
        text = plain_dutch.of_page(answer.content.decode()).lower()
        assert not {" the ", " your ", " you "} & {f" {word} " for word in text.split()}, name


def test_a_letter_is_dated_and_in_the_readers_own_language():
    dutch, english = message("request_received"), message("request_received", "en")
    assert "12 januari 2027 14:02 uur" in words.words(dutch)[1]
    assert "12 January 2027 14:02" in words.words(english)[1]
