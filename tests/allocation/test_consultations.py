"""A draft rule before the public: who may do what when, and what nobody may do."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from allocation import consultations, rounds
from allocation.consultations import effects
from allocation.models import Comment, Consultation
from allocation.rules import policies
from budgetpool.audit.models import AuditEvent
from tests.allocation.conftest import RULES
from tests.allocation.people import euros
from tests.cast import lotto, make_window
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@shared
def consultation(policy, chair):
    return consultations.begin(
        policy=policy, question="Is this fair?", last_day=in_days(14), member=chair
    )


@pytest.fixture
def later(monkeypatch):
    """Let the clock run ahead by so many days."""
    real = timezone.now

    def ahead(days):
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))

    return ahead


def says(consultation, text="Why only sixty percent?", **more):
    return consultations.comment(consultation=consultation, text=text, **more)[0]


class TestBegin:
    def test_a_draft_is_before_the_public_until_the_end_of_its_last_day(self, consultation):
        last = timezone.localtime(consultation.closes_at - timedelta(seconds=1))
        assert (last.date(), last.hour, last.minute) == (in_days(14), 23, 59)
        assert consultation.is_open
        assert AuditEvent.objects.filter(action="consultation.begun").count() == 1

    def test_only_the_board_of_the_region_puts_it_there(self, policy, treasurer, chair_of_drenthe):
        for person in (treasurer, chair_of_drenthe):
            with refuses("no_seat"):
                consultations.begin(
                    policy=policy, question="Well?", last_day=in_days(14), member=person
                )

    @pytest.mark.parametrize("days", [-1, 0, 6, 183])
    def test_a_term_is_at_least_a_week_and_at_most_half_a_year(self, policy, chair, days):
        with refuses("consultation_term"):
            consultations.begin(
                policy=policy, question="Well?", last_day=in_days(days), member=chair
            )

    def test_the_region_may_ask_for_a_longer_term(self, policy, chair):
        policy.fund.consultation_days = 30
        policy.fund.save()
        with refuses("consultation_term"):
            consultations.begin(policy=policy, question="?", last_day=in_days(29), member=chair)

    def test_one_version_is_asked_about_once(self, consultation, policy, chair):
        with refuses("consulted_before"):
            consultations.begin(policy=policy, question="?", last_day=in_days(14), member=chair)

    def test_a_fixed_rule_is_no_question_any_more(self, opened, policy, chair):
        with refuses("rule_fixed"):
            consultations.begin(policy=policy, question="?", last_day=in_days(14), member=chair)


class TestComment:
    def test_nobody_reads_a_comment_before_the_board_did(self, consultation):
        made, key = consultations.comment(consultation=consultation, text="  Too low. ")
        assert (made.state, made.text, made.shown_name) == ("waiting", "Too low.", "")
        assert consultations.find_own(consultation, key) == made
        assert consultations.find_own(consultation, made.key_sha256) is None, "a print is no key"

    def test_the_trail_keeps_neither_words_nor_name(self, consultation):
        says(consultation, "Secret words", name="Nina Name", consent=True)
        event = AuditEvent.objects.get(action="consultation.commented")
        assert event.actor is None
        assert event.details == {"with_name": True}

    def test_a_name_needs_consent_and_can_be_taken_back(self, consultation):
        with pytest.raises(ValidationError, match="naam"):
            says(consultation, name="Nina Name")
        made = says(consultation, name="Nina Name", consent=True)
        consultations.take_name_back(comment=made)
        made.refresh_from_db()
        assert (made.shown_name, made.text) == ("", "Why only sixty percent?")

    @pytest.mark.parametrize(
        "text", ["", "   ", "mijn bsn is 111222333", "x" * 2_001, "an\x18invisible sign"]
    )
    def test_no_words_too_many_or_a_bsn_are_refused(self, consultation, text):
        with pytest.raises(ValidationError):
            says(consultation, text)
        assert Comment.objects.count() == 0

    def test_the_clock_ends_the_term(self, consultation, later):
        later(16)
        with refuses("consultation_over"):
            says(consultation)
        assert Comment.objects.count() == 0

    def test_another_consultations_key_finds_nothing(self, consultation, rich_fund, chair):
        other = policies.new_version(fund=rich_fund, name="Rule", rules=RULES, member=chair)
        second = consultations.begin(
            policy=other, question="And this?", last_day=in_days(14), member=chair
        )
        _made, key = consultations.comment(consultation=second, text="Good.")
        assert consultations.find_own(consultation, key) is None


class TestAnswer:
    def test_an_answer_shows_the_comment_and_is_given_once(self, consultation, chair):
        made = consultations.answer(comment=says(consultation), text="Because.", member=chair)
        assert (made.state, made.answer, made.answered_by) == ("shown", "Because.", chair)
        with refuses("answered_before"):
            consultations.answer(comment=made, text="Or not.", member=chair)
        with refuses("answered_before"):
            consultations.withhold(comment=made, why="insult", member=chair)

    def test_a_comment_is_withheld_for_a_published_ground_only(self, consultation, chair):
        made = says(consultation)
        for why in ("", "we do not like it"):
            with pytest.raises(ValidationError):
                consultations.withhold(comment=made, why=why, member=chair)
        made = consultations.withhold(comment=made, why="insult", member=chair)
        with refuses("comment_withheld"):
            consultations.answer(comment=made, text="Because.", member=chair)
        made = consultations.show(comment=made, member=chair)
        assert (made.state, made.why) == ("shown", "")
        with refuses("read_before"):
            consultations.show(comment=made, member=chair)

    def test_an_answer_without_words_is_none(self, consultation, chair):
        with refuses("reply_missing"):
            consultations.answer(comment=says(consultation), text="  ", member=chair)

    def test_only_the_board_of_the_region_reads_and_answers(
        self, consultation, treasurer, chair_of_drenthe
    ):
        made = says(consultation)
        for person in (treasurer, chair_of_drenthe):
            with refuses("no_seat"):
                consultations.show(comment=made, member=person)
            with refuses("no_seat"):
                consultations.withhold(comment=made, why="insult", member=person)
            with refuses("no_seat"):
                consultations.answer(comment=made, text="Because.", member=person)


class TestConclude:
    def conclude(self, consultation, outcome, member, words="We keep it."):
        return consultations.conclude(
            consultation=consultation, outcome=outcome, conclusion=words, member=member
        )

    def test_not_within_the_term(self, consultation, policy, chair):
        with refuses("consultation_runs"):
            self.conclude(consultation, policy, chair)

    def test_not_while_a_comment_waits(self, consultation, policy, chair, later):
        unread, unanswered = says(consultation), says(consultation, "And mbo 4?")
        consultations.show(comment=unanswered, member=chair)
        later(16)
        with refuses("comments_unanswered"):
            self.conclude(consultation, policy, chair)
        consultations.withhold(comment=unread, why="repeated", member=chair)
        with refuses("comments_unanswered"):
            self.conclude(consultation, policy, chair)
        consultations.answer(comment=unanswered, text="They count too.", member=chair)
        done = self.conclude(consultation, policy, chair)
        assert done.outcome == policy
        with refuses("concluded_before"):
            self.conclude(consultation, policy, chair)

    def test_not_without_words_nor_by_a_stranger(
        self, consultation, policy, treasurer, chair, later
    ):
        later(16)
        with refuses("conclusion_missing"):
            self.conclude(consultation, policy, chair, "  ")
        with refuses("no_seat"):
            self.conclude(consultation, policy, treasurer)

    def test_not_with_an_older_version_nor_another_funds(
        self, rich_fund, policy, drenthe, chair, chair_of_drenthe, later
    ):
        draft = policies.new_version(fund=rich_fund, name="Rule", rules=RULES, member=chair)
        theirs = policies.new_version(
            fund=drenthe, name="Rule", rules=RULES, member=chair_of_drenthe
        )
        begun = consultations.begin(policy=draft, question="?", last_day=in_days(14), member=chair)
        later(16)
        with refuses("older_rule"):
            self.conclude(begun, policy, chair)
        with refuses("other_fund"):
            self.conclude(begun, theirs, chair)


class TestFixing:
    """A round can be opened, which fixes its rule, once the public had its say."""

    def draft(self, fund, policy, chair, code="2027-9"):
        window = make_window(fund, code, opens=40, closes=54)
        return rounds.draft(
            window=window,
            policy=policy,
            ceiling=euros(2_000),
            reserve=euros(500),
            draw=lotto(window),
            member=chair,
        )

    def test_where_the_region_asks_for_it_no_rule_is_fixed_without(self, rich_fund, policy, chair):
        rich_fund.consultation_days = 14
        rich_fund.save()
        with refuses("not_consulted"):
            rounds.open(round=self.draft(rich_fund, policy, chair), member=chair)
        policy.refresh_from_db()
        assert policy.frozen_at is None

    def test_the_version_that_the_consultation_led_to_can_be_fixed_and_no_other(
        self, rich_fund, consultation, policy, chair, later
    ):
        rich_fund.consultation_days = 14
        rich_fund.save()
        changed = {**RULES, "choice_percent": [100, 80, 60]}
        better = policies.new_version(fund=rich_fund, name="Rule", rules=changed, member=chair)
        stray = policies.new_version(fund=rich_fund, name="Rule", rules=RULES, member=chair)
        draft = self.draft(rich_fund, better, chair)
        with refuses("not_consulted"):
            rounds.open(round=draft, member=chair)
        later(16)
        with refuses("not_consulted"):
            rounds.open(round=draft, member=chair)
        consultations.conclude(
            consultation=consultation,
            outcome=better,
            conclusion="A second choice counts less.",
            member=chair,
        )
        assert rounds.open(round=draft, member=chair).status == "open"
        with refuses("not_consulted"):
            rounds.open(round=self.draft(rich_fund, stray, chair, "2027-8"), member=chair)

    def test_a_promised_term_runs_out_also_where_nothing_asks_for_it(
        self, rich_fund, consultation, policy, chair, later
    ):
        draft = self.draft(rich_fund, policy, chair)
        with refuses("consultation_runs"):
            rounds.open(round=draft, member=chair)
        later(16)
        assert rounds.open(round=draft, member=chair).status == "open"


class TestPast:
    """What was said to the public stays, whoever writes past the services."""

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("allocation_consultation", "question = 'Another question'"),
            ("allocation_consultation", "closes_at = opened_at"),
            ("allocation_comment", "text = 'I agree with everything'"),
            ("allocation_comment", "answer = 'Another answer'"),
        ],
    )
    def test_questions_terms_comments_and_answers_are_never_changed(
        self, consultation, chair, table, change
    ):
        consultations.answer(comment=says(consultation), text="Because.", member=chair)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {change}")

    @pytest.mark.parametrize("table", ["allocation_comment", "allocation_consultation"])
    def test_nothing_of_it_is_removed(self, consultation, table):
        says(consultation)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")


class TestEffects:
    def test_each_lever_is_measured_on_the_last_published_round(self, published, chair):
        rules = {
            **RULES,
            "coverage": "education_level",
            "coverage_cap": "3/10",
            "floor": [
                {"name": "m", "column": "target", "equals": "yes", "share_of_ceiling": "3/5"}
            ],
            "cap": [{"name": "training", "column": "training_id", "count": 2}],
        }
        fund = published.fund
        draft = policies.new_version(fund=fund, name="Rule", rules=rules, member=chair)
        found = effects.of(draft)
        assert (found["round"], found["requests"]) == ("2027-1", 7)
        # EUR 600 each: two by the limit of the training, three without it.
        assert found["levers"]["cap:0"] == {"kind": "most", "with": 2.0, "without": 3.0}
        assert "floor:0" not in found["levers"], "five people are too few for a figure"
        assert "coverage" not in found["levers"]

    def test_a_fund_without_a_round_gets_invented_requests(self, rich_fund, chair):
        draft = policies.new_version(
            fund=rich_fund, name="R", rules=policies.STANDARD, member=chair
        )
        found = effects.of(draft)
        floor = found["levers"]["floor:0"]
        assert (found["round"], floor["kind"]) == ("", "share")
        assert floor["with"] >= 0.6 > floor["without"]

    def test_the_job_keeps_them_with_the_consultation(self, consultation):
        row = Consultation.objects.get(pk=consultation.pk)
        assert row.effects["requests"] == effects.INVENTED
        assert set(row.effects["levers"]) == {"value", "choices"}, "all that this rule has"

    def test_a_rule_that_lets_people_wait_is_measured_without_that(self, rich_fund, chair):
        rules = {**RULES, "waiting": {"column": "refused_for_money", "bound": 2}}
        draft = policies.new_version(fund=rich_fund, name="R", rules=rules, member=chair)
        assert "waiting" not in effects.of(draft)["levers"]
