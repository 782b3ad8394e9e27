"""Messages: queued with what they tell about, sent once, in the reader's language, as letters."""

import io
import re
import smtplib
import zlib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from budgetpool.mail import delivery, outbox, paper, words
from budgetpool.mail.languages import languages
from budgetpool.mail.models import Message
from budgetpool.mail.outbox import Address

pytestmark = pytest.mark.django_db
PARAMS = {
    "reference": "R-0412",
    "closes_at": "2027-01-29T17:00:00+01:00",
    "submitted_at": "2027-01-12T14:02:00+01:00",
    "choices": ["Heftruck rijden & meer"],
    "fund": "Scholingsfonds Twente",
    "fund_phone": "053 000 00 00",
}


def queue(key="k1", kind="request_received", params=PARAMS, **address):
    to = Address(**{"name": "Ewa d'Angelo", "email": "ewa@example.nl", **address})
    return outbox.queue(key=key, kind=kind, to=to, params=params)


def test_asking_twice_queues_one_message():
    assert queue() == queue()
    assert Message.objects.count() == 1


def test_a_message_goes_with_its_transaction_or_not_at_all():
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_many_are_queued_at_once_and_known_ones_are_skipped():
    to = Address(name="Ewa", email="ewa@example.nl")
    rows = [(f"k{n}", "request_received", to, PARAMS) for n in range(3)]
    outbox.queue_many(rows)
    outbox.queue_many([*rows, ("k3", "request_received", to, PARAMS)])
    assert Message.objects.count() == 4


def test_a_kind_without_words_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no message of kind"):
        queue(kind="birthday")


def test_an_email_goes_out_once_with_plain_letters_and_no_markup():
    queue()
    assert delivery.send_due() == (1, 0)
    assert delivery.send_due() == (0, 0)
    sent = mail.outbox[0]
    assert sent.subject == "We hebben je aanvraag R-0412"
    assert "Beste Ewa d'Angelo," in sent.body
    assert "1. Heftruck rijden & meer" in sent.body
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nl", "We hebben je aanvraag R-0412"),
        ("en", "We have your request R-0412"),
        ("pl", "Mamy Twój wniosek R-0412"),
    ],
)
def test_each_reads_it_in_their_own_language(language, subject):
    queue(language=language)
    delivery.send_due()
    assert mail.outbox[0].subject == subject


def test_a_language_without_a_catalogue_gets_dutch_and_a_new_catalogue_is_enough():
    assert {"nl", "en", "pl"} <= languages()
    assert queue(language="xx").language == "nl"


def test_without_an_email_address_a_text_message_goes_to_the_phone(settings, tmp_path):
    settings.SMS_BACKEND, settings.VAR_DIR = "file", tmp_path
    queue(email="", phone="+31612345678")
    assert delivery.send_due() == (1, 0)
    text = next((tmp_path / "sms").iterdir()).read_text()
    assert text.startswith("+31612345678\nScholingsfonds Twente: We hebben je aanvraag R-0412.")


def test_without_e_mail_and_phone_a_letter_is_printed():
    message = queue(email="", post="Dorpsstraat 1, Enschede")
    delivery.send_due()
    message.refresh_from_db()
    with message.letter.open("rb") as stream:
        assert stream.read(5) == b"%PDF-"


def test_a_number_goes_out_as_it_is_written_all_over_the_world():
    assert queue(email="", phone="06-1234 5678").to == "+31612345678"


def test_a_fixed_line_gets_a_letter_instead_of_a_text():
    message = queue(email="", phone="053 123 45 67", post="Dorpsstraat 1, Enschede")
    assert (message.channel, message.to) == ("post", "Dorpsstraat 1, Enschede")


def test_who_gave_no_address_gets_no_message():
    assert queue(email="") is None


class Broken:
    def send(self, **message):
        raise smtplib.SMTPServerDisconnected("gone")


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(settings):
    settings.SMS_BACKEND = "tests.mail.test_outbox.Broken"
    message = queue(email="", phone="+31612345678")
    assert delivery.send_due() == (0, 1)
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "SMTPServerDisconnected")
    assert message.due_at > timezone.now()
    assert delivery.send_due() == (0, 0)
    for _ in range(delivery.ATTEMPTS_MAX):
        Message.objects.update(due_at=timezone.now())
        delivery.send_due()
    message.refresh_from_db()
    assert message.state == "failed"


def test_what_a_killed_process_was_sending_is_sent_again_with_the_same_identity():
    message = queue()
    claimed = next(delivery._claimed(1))
    assert claimed.pk == message.pk
    assert delivery.send_due() == (0, 0), "another process holds it"
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert delivery.send_due() == (1, 0)
    first = mail.outbox[0].extra_headers["Message-ID"]
    Message.objects.update(state="sending", lease_until=timezone.now() - timedelta(seconds=1))
    delivery.send_due()
    assert mail.outbox[1].extra_headers["Message-ID"] == first


def test_a_message_waits_for_its_day():
    outbox.queue(
        key="later",
        kind="request_received",
        to=Address(email="ewa@example.nl"),
        params=PARAMS,
        due_at=timezone.now() + timedelta(days=1),
    )
    assert delivery.send_due() == (0, 0)
    assert delivery.waiting() == 1


# The block that a letter carries by law: facts, rule, algorithm, objection.
LEGAL = {
    "en": (
        "Your highest diploma is mbo 2.",
        "A program helped to divide the money.",
        "The decision rests on this rule: Verordening Twente.",
        "Do it before the end of 2 April 2027.",
    ),
    "pl": (
        "Twój najwyższy dyplom to mbo 2.",
        "Program pomógł podzielić pieniądze.",
        "Podstawa decyzji: Verordening Twente.",
        "Zrób to najpóźniej 2 kwietnia 2027.",
    ),
}


def unpacked(pdf):
    """The bytes of a PDF with its packed parts beside them."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return b"\n".join([pdf, *(zlib.decompressobj().decompress(part) for part in packed)])


def test_a_decision_is_a_tagged_letter_with_facts_rule_algorithm_and_objection():
    message = queue(
        kind="decision_refused",
        params={
            **PARAMS,
            "reason": "below_cutoff",
            "reason_params": {"points": 70, "needed": 71},
            "facts": {"education": "mbo2", "contract": "on_call", "hours_trained": 0},
            "object_by": "2027-04-02",
            "rule_name": "Verordening Twente",
            "rule_url": "https://example.nl/regel",
        },
    )
    page = words.letter_html(message)
    for sentence in (
        "Je aanvraag heeft 70 punten. Voor een plek waren er 71 nodig.",
        "Je hoogste diploma is mbo 2.",
        "Een computer hielp om het geld te verdelen.",
        "Het bestuur nam het besluit.",
        "Het besluit komt uit deze regel: Verordening Twente.",
        "Doe het uiterlijk op 2 april 2027.",
    ):
        assert sentence in page
    pdf = unpacked(words.letter_pdf(message))
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid" in pdf
    assert re.search(rb"/Lang\s*\(nl\)", pdf)
    for language, sentences in LEGAL.items():
        message.language = language
        page = words.letter_html(message)
        assert [one for one in sentences if one not in page] == []
        pdf = unpacked(words.letter_pdf(message))
        assert b"pdfuaid" in pdf
        assert re.search(rb"/Lang\s*\(" + language.encode(), pdf)
    delivery.send_due()
    name, content, kind = mail.outbox[0].attachments[0]
    assert (name, kind) == ("brief.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")


def test_a_letter_fetches_nothing_from_elsewhere():
    with pytest.raises(ValueError, match="fetches nothing"):
        paper.no_fetch("https://example.nl/picture.png")


def test_the_command_sends_and_counts():
    queue()
    said = io.StringIO()
    call_command("send_messages", "--dry-run", stdout=said)
    call_command("send_messages", stdout=said)
    assert said.getvalue().splitlines() == [
        "1 messages wait.",
        "1 sent, 0 not sent, 0 wait.",
    ]
