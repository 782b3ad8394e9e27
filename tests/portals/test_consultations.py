"""The pages of a draft rule before the public: what a visitor, and what the board can do there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allocation import consultations
from allocation.models import Comment
from allocation.rules import policies
from budgetpool.audit.models import AuditEvent
from budgetpool.portals.board import inbox
from budgetpool.portals.public.consultation_views import COMMENTS_AN_HOUR, PER_PAGE
from tests.allocation.conftest import RULES
from tests.cast import signed_in
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def consultation(policy, chair):
    return consultations.begin(
        policy=policy,
        question="Is this fair?",
        last_day=timezone.localdate() + timedelta(days=14),
        member=chair,
    )


@pytest.fixture
def page(consultation):
    return f"/regions/twente/consultations/{consultation.pk}"


@pytest.fixture
def desk(consultation):
    return f"/board/twente/consultations/{consultation.pk}"


@shared
def board(chair):
    return signed_in(chair, second_factor=True)


@pytest.fixture
def later(monkeypatch):
    real = timezone.now
    return lambda days: monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))


def html(answer):
    return answer.content.decode()


def says(consultation, text="Why only sixty percent?", **more):
    return consultations.comment(consultation=consultation, text=text, **more)[0]


def test_a_draft_is_put_before_the_public_and_everybody_finds_it(board, policy, client):
    day = timezone.localdate() + timedelta(days=20)
    where = f"/board/twente/policies/{policy.pk}/consultation"
    assert where in html(board.get("/board/twente/policies"))
    early = board.post(where, {"question": "Fair?", "last_day": f"{timezone.localdate():%d-%m-%Y}"})
    assert early.status_code == 422
    assert "7" in html(early), "how many days it takes at least"
    done = board.post(where, {"question": "Is it fair?", "last_day": f"{day:%d-%m-%Y}"})
    assert done.status_code == 302
    assert "Lees het ontwerp en reageer" in html(client.get("/regions/twente"))
    assert "Rule v1" in html(client.get("/regions/twente/consultations"))


def test_each_lever_stands_in_a_sentence_with_what_it_does(client, page):
    text = html(client.get(page))
    assert "De punten tellen voor 100%, 90%, 80%" in text
    assert "van hen de eerste keuze, zonder dit" in text
    assert "300 verzonnen aanvragen" in text


def test_anybody_comments_without_account_or_name_and_nobody_reads_it_yet(client, page):
    sent = client.post(page, {"text": "Why only sixty percent?", "lever": "value"})
    assert sent.status_code == 302
    own = client.get(sent.url)
    assert "Why only sixty percent?" in html(own)
    assert own["Referrer-Policy"] == "no-referrer"
    text = html(Client().get(page))
    assert "Why only sixty percent?" not in text
    assert "Er is 1 reactie gestuurd." in text


def test_a_name_needs_a_tick_and_goes_when_its_owner_says_so(client, page, consultation, chair):
    without = client.post(page, {"text": "Good.", "name": "Nina Name"})
    assert without.status_code == 422
    assert "Vink dit aan" in html(without)
    sent = client.post(page, {"text": "Good.", "name": "Nina Name", "consent": "on"})
    consultations.show(comment=Comment.objects.get(), member=chair)
    assert "Nina Name" in html(Client().get(page))
    assert client.post(sent.url).status_code == 302
    assert "Nina Name" not in html(Client().get(page))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "Wat wil je zeggen?"),
        ({"text": "mijn bsn is 111222333"}, "BSN"),
        ({"text": "Good.", "lever": "no-such-part"}, "no-such-part"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, page, sent, said):
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert said in html(answer)
    assert Comment.objects.count() == 0


def test_a_flood_from_one_network_is_stopped(client, page):
    for number in range(COMMENTS_AN_HOUR):
        assert client.post(page, {"text": f"Comment {number}"}).status_code == 302
    assert client.post(page, {"text": "One more"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(page, {"text": "Another house"}).status_code == 302


def test_after_its_term_the_page_takes_nothing_any_more(client, page, later):
    later(16)
    assert 'name="text"' not in html(client.get(page))
    answer = client.post(page, {"text": "Too late"})
    assert answer.status_code == 422
    assert "Dat is voorbij." in html(answer)
    assert Comment.objects.count() == 0


def test_a_comment_of_another_consultation_or_region_is_not_found(
    client, page, consultation, chair_of_drenthe
):
    made, key = consultations.comment(consultation=consultation, text="Good.")
    assert client.get(f"{page}/mine/{key}").status_code == 200
    assert client.get(f"{page}/mine/{made.key_sha256}").status_code == 404
    assert client.get(f"/regions/drenthe/consultations/{consultation.pk}").status_code == 404
    other = signed_in(chair_of_drenthe, second_factor=True)
    for path in ("", f"/comments/{made.pk}"):
        where = f"/board/drenthe/consultations/{consultation.pk}{path}"
        assert other.get(where).status_code == 404


def test_the_board_reads_answers_and_concludes(
    board, client, page, desk, consultation, rich_fund, chair, later
):
    good, bad = says(consultation), says(consultation, "You are all thieves")
    assert board.post(f"{desk}/comments/{bad.pk}", {"verb": "withhold"}).status_code == 422
    board.post(f"{desk}/comments/{bad.pk}", {"verb": "withhold", "why": "insult"})
    board.post(f"{desk}/comments/{good.pk}", {"verb": "answer", "text": "That is what law asks."})
    text = html(client.get(page))
    assert "That is what law asks." in text
    assert "thieves" not in text
    assert "1: het beledigt of bedreigt iemand" in text
    seen = AuditEvent.objects.filter(action="consultation.comment_seen")
    assert seen.count() == 1, "that somebody looked at a comment is written down"
    changed = {**RULES, "choice_percent": [100, 70, 50]}
    better = policies.new_version(fund=rich_fund, name="Rule", rules=changed, member=chair)
    data = {"outcome": better.pk, "conclusion": "A third choice counts half."}
    assert board.post(f"{desk}/conclude", data).status_code == 422, "the term has not ended"
    later(16)
    board = signed_in(chair, second_factor=True)
    assert board.post(f"{desk}/conclude", data).url == desk
    text = html(client.get(page))
    assert "A third choice counts half." in text
    assert "100%, 70%, 50%" in text, "what changed stands beside the draft"


def test_what_a_comment_says_is_shown_as_text_alone(client, board, page, desk, consultation, chair):
    made = says(consultation, "<script>alert(1)</script>", name="<b>N</b>", consent=True)
    consultations.show(comment=made, member=chair)
    for text in (html(client.get(page)), html(board.get(desk))):
        assert "<script>alert" not in text
        assert "<b>N</b>" not in text


def test_long_lists_have_pages_search_and_a_file(board, client, page, desk, consultation, chair):
    for number in range(PER_PAGE + 3):
        made = says(consultation, f"Comment number {number:02}")
        consultations.show(comment=made, member=chair)
    first, second = html(client.get(page)), html(client.get(f"{page}?page=2"))
    assert first.count("<article") == PER_PAGE
    assert second.count("<article") == 3
    assert html(client.get(f"{page}?words=number+07")).count("<article") == 1
    assert html(board.get(f"{desk}?state=unanswered&page=2")).count('<details class="bp-det') == 3
    sheet = board.get(f"{desk}?format=csv&words=number+07").content.decode("utf-8-sig")
    assert sheet.count("\r\n") == 2
    assert AuditEvent.objects.filter(action="consultation.exported").count() == 1


def test_what_waits_stands_in_the_inbox_of_each_member(
    rich_fund, consultation, chair, second_signer, later
):
    assert list(inbox.of(rich_fund, chair)) == []
    made = says(consultation)
    [item] = inbox.of(rich_fund, second_signer)
    assert item.what == "Reacties op een regel: 1"
    assert item.since == made.sent_at
    consultations.answer(comment=made, text="Because.", member=chair)
    assert list(inbox.of(rich_fund, second_signer)) == []
    later(16)
    [item] = inbox.of(rich_fund, second_signer)
    assert item.url.endswith("#conclude")
