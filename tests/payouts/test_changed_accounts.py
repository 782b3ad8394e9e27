"""A bank account that changes: what is refused, what is warned of, and who hears of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allocation.models import Payee
from allocation.payouts import payees, warnings
from budgetpool.audit.models import AuditEvent
from budgetpool.bank import name_check
from budgetpool.fund.models import Seat
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.register import seats as provider_seats
from budgetpool.register.models import Provider, ProviderSeat
from employers.models import EmployerIban
from tests.cast import make_employer, make_teacher, make_worker, seat
from tests.payouts.conftest import SCHOOL_IBAN, WORKER_IBAN, seen, usable_payee
from tests.refusing import refuses
from tests.sharing import harmless, shared

pytestmark = pytest.mark.django_db
NEW_IBAN = "NL02ABNA0123456789"
ANSWER = "Ms Smit explained it on the phone"


@shared
def teacher_of_school(welding):
    return make_teacher("Tom Teacher", welding.provider)


def enter(opened, welding, treasurer, **facts):
    given = {
        "fund": opened.fund,
        "provider": welding.provider,
        "iban": NEW_IBAN,
        "holder_name": f"{welding.provider.name} B.V.",
        "actor": treasurer,
    }
    return payees.enter(**(given | facts))


@pytest.fixture
def entered(opened, welding, main_iban, treasurer):
    return enter(opened, welding, treasurer)


def told(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


class TestEvidence:
    @pytest.mark.parametrize("how", ["ok", "checked", "ok ok 1 2 3", "looks very good"])
    def test_a_word_is_no_evidence(self, entered, second_treasurer, how):
        with refuses("too_few_words"):
            payees.verify(payee=entered, actor=second_treasurer, **seen(how=how))

    @pytest.mark.parametrize("kind", ["", "old", "mail", "Called"])
    def test_only_what_stands_in_the_list_is_evidence(self, entered, second_treasurer, kind):
        with refuses("evidence_unknown"):
            payees.verify(payee=entered, actor=second_treasurer, **seen(evidence=kind))

    @pytest.mark.parametrize("days", [-91, 1])
    def test_it_was_seen_lately_and_not_tomorrow(self, entered, second_treasurer, days):
        seen_on = timezone.localdate() + timedelta(days=days)
        with refuses("evidence_date"):
            payees.verify(payee=entered, actor=second_treasurer, **seen(seen_on=seen_on))

    def test_what_was_seen_and_when_stays_with_the_account(self, entered, second_treasurer):
        row = payees.verify(payee=entered, actor=second_treasurer, **seen(evidence="met"))
        assert (row.evidence, row.evidence_on) == ("met", timezone.localdate())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE allocation_payee SET evidence = 'called'")

    def test_the_database_takes_no_verification_without_evidence(self, entered, second_treasurer):
        with pytest.raises(IntegrityError, match="payee_verified_by_evidence"):
            Payee.objects.filter(pk=entered.pk).update(
                verified_by=second_treasurer, verified_at=timezone.now()
            )

    def test_verifying_again_changes_nothing(self, entered, second_treasurer, chair):
        first = payees.verify(payee=entered, actor=second_treasurer, **seen())
        again = payees.verify(payee=entered, actor=chair, **seen(evidence="met"))
        assert (again.evidence, again.verified_by) == (first.evidence, second_treasurer)

    def test_the_second_person_is_who_the_table_says(self, entered, adviser, chair, treasurer):
        with refuses("not_second"):
            payees.verify(payee=entered, actor=adviser, **seen())
        with refuses("same_person"):
            payees.verify(payee=entered, actor=treasurer, **seen())
        assert payees.verify(payee=entered, actor=chair, **seen()).verified_by == chair

    def test_only_a_treasurer_enters_one(self, opened, welding, main_iban, chair):
        with refuses("not_treasurer"):
            enter(opened, welding, chair)


class TestWarnings:
    def test_the_funds_own_account_is_refused(self, opened, welding, main_iban, treasurer):
        with refuses("own_iban"):
            enter(opened, welding, treasurer, iban=main_iban.iban)
        assert not Payee.objects.exists()

    def test_another_holder_is_answered_in_words_by_both(
        self, opened, welding, main_iban, treasurer, second_treasurer
    ):
        other = {"holder_name": "P. Jansen Holding B.V."}
        with refuses("warnings_unanswered"):
            enter(opened, welding, treasurer, **other)
        with refuses("too_few_words"):
            enter(opened, welding, treasurer, answer="It is fine", **other)
        row = enter(opened, welding, treasurer, answer=ANSWER, **other)
        assert row.warning_codes == ["other_name"]
        with refuses("warnings_unanswered"):
            payees.verify(payee=row, actor=second_treasurer, **seen())
        row = payees.verify(payee=row, actor=second_treasurer, **seen(answer=ANSWER))
        assert (row.entered_answer, row.verified_answer) == (ANSWER, ANSWER)
        assert AuditEvent.objects.get(action="payee.verified").details["warnings"] == ["other_name"]

    def test_the_database_takes_no_warning_without_answers(
        self, opened, welding, main_iban, treasurer
    ):
        row = enter(opened, welding, treasurer, holder_name="P. Jansen", answer=ANSWER)
        with pytest.raises(IntegrityError, match="payee_warnings_answered"):
            Payee.objects.filter(pk=row.pk).update(entered_answer="")

    @pytest.mark.parametrize(
        ("name", "is_theirs"),
        [
            ("Lasschool Twente", True),
            ("LASSCHOOL TWENTE BV", True),
            ("Stichting Lasschool Twente", True),
            ("Lasschool", True),
            ("Lasschool Drenthe", False),
            ("B.V.", False),
            ("Twentse Lasschool", False),
        ],
    )
    def test_a_schools_name_counts_without_its_legal_form(self, opened, name, is_theirs):
        school = Provider(name="Lasschool Twente B.V.")
        payee = Payee(fund=opened.fund, provider=school, holder_name=name)
        assert warnings._is_theirs(payee) == is_theirs

    @pytest.mark.parametrize(
        ("name", "is_theirs"),
        [
            ("Ewa Nowak", True),
            ("E. Nowak", True),
            ("NOWAK EWA", True),
            ("Ewa Novak", True),
            ("Nowak", False),
            ("Piet Jansen", False),
        ],
    )
    def test_a_workers_name_counts_with_initials_and_a_slip(self, opened, name, is_theirs):
        worker = make_worker("Ewa Nowak", opened.fund)
        payee = Payee(fund=opened.fund, worker=worker, holder_name=name)
        assert warnings._is_theirs(payee) == is_theirs

    def test_one_account_of_two_payees_is_warned_of(
        self, opened, welding, own_account, school, treasurer
    ):
        with refuses("warnings_unanswered"):
            enter(opened, welding, treasurer, iban=WORKER_IBAN)
        worker = make_worker("Ewa Nowak", opened.fund)
        row = payees.enter(
            fund=opened.fund,
            worker=worker,
            iban=SCHOOL_IBAN,
            holder_name="Ewa Nowak",
            actor=treasurer,
            answer=ANSWER,
        )
        assert row.warning_codes == ["shared_iban"]

    def test_a_schools_account_of_before_is_no_other_payees(
        self, opened, welding, school, treasurer
    ):
        enter(opened, welding, treasurer)
        assert enter(opened, welding, treasurer, iban=SCHOOL_IBAN).warnings == ""

    def test_an_employers_account_is_warned_of(self, opened, welding, main_iban, treasurer):
        make_employer("Flex Nederland", "90000041", iban=NEW_IBAN)
        assert enter(opened, welding, treasurer, answer=ANSWER).warnings == "employer_iban"

    def test_what_comes_up_later_is_answered_by_both_too(
        self, opened, welding, entered, treasurer, second_treasurer
    ):
        EmployerIban.objects.create(
            employer=make_employer("Flex Nederland", "90000041"), iban=NEW_IBAN
        )
        with refuses("warnings_new"):
            payees.verify(payee=entered, actor=second_treasurer, **seen(answer=ANSWER))
        with refuses("warnings_unanswered"):
            enter(opened, welding, treasurer)
        row = enter(opened, welding, treasurer, answer=ANSWER)
        assert row.pk != entered.pk
        assert payees.verify(payee=row, actor=second_treasurer, **seen(answer=ANSWER)).verified_at


class TestOwnInterest:
    def test_nobody_enters_or_verifies_an_account_of_their_own_school(
        self, opened, welding, main_iban, treasurer, second_treasurer
    ):
        ProviderSeat.objects.create(user=second_treasurer, provider=welding.provider)
        row = enter(opened, welding, treasurer, answer=ANSWER)
        assert row.warnings == "has_seat"
        with refuses("own_interest"):
            payees.verify(payee=row, actor=second_treasurer, **seen(answer=ANSWER))
        with refuses("own_interest"):
            enter(opened, welding, second_treasurer, iban=SCHOOL_IBAN)

    def test_nobody_enters_an_account_of_their_own(self, award, treasurer):
        worker = award.request.worker
        worker.user = treasurer
        worker.save()
        with refuses("own_interest"):
            payees.enter(
                fund=award.round.fund,
                worker=worker,
                iban=NEW_IBAN,
                holder_name=worker.name,
                actor=treasurer,
            )


class TestNameCheck:
    @pytest.fixture
    @harmless
    def answers(self, settings, tmp_path):
        file = tmp_path / "answers.csv"
        settings.NAME_CHECK = "budgetpool.bank.name_check.from_file"
        settings.NAME_CHECK_FILE = str(file)
        return file

    def ask(self, name="Lasschool BV", iban=NEW_IBAN):
        answer = name_check.ask(iban=iban, name=name)
        return (answer.result, answer.suggestion)

    def test_it_is_not_asked_where_none_is_set_up(self, entered):
        assert name_check.ask(iban=NEW_IBAN, name="x") is None
        assert (entered.name_check, entered.name_checked_at) == ("", None)

    @pytest.mark.parametrize("mark", [",", ";"])
    def test_the_last_answer_about_this_iban_and_name_counts(self, answers, mark):
        lines = [
            "IBAN,Name,Result,Suggestion",
            f"{NEW_IBAN},Lasschool BV,match,",
            f"{SCHOOL_IBAN},Lasschool BV,match,",
            "nl02 abna 0123 4567 89,lasschool  bv,Close Match,Lasschool Twente B.V.",
            f"{NEW_IBAN},P. Jansen,no-match,Lasschool Twente B.V.",
        ]
        answers.write_text("\n".join(lines).replace(",", mark))
        assert self.ask() == ("close_match", "Lasschool Twente B.V.")
        assert self.ask("P. Jansen") == ("no_match", "")
        assert self.ask("Somebody else") == ("not_known", "")
        assert self.ask(iban=SCHOOL_IBAN) == ("match", "")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "one,two\n",
            f"iban,name,result\n{NEW_IBAN},Lasschool BV,surely\n",
            f"iban,name,result\n{NEW_IBAN}\n",
            "\x00\x01\x02",
        ],
    )
    def test_a_faulty_file_is_never_a_match(self, answers, text):
        answers.write_text(text)
        assert self.ask() == ("not_known", "")

    def test_a_missing_file_stops_nobody(self, answers, opened, welding, main_iban, treasurer):
        row = enter(opened, welding, treasurer)
        assert (row.name_check, row.warnings) == ("not_known", "")

    @pytest.mark.parametrize(
        ("result", "code"),
        [("match", ""), ("close_match", "name_close"), ("no_match", "name_no_match")],
    )
    def test_what_the_bank_says_stays_with_the_account(
        self, answers, opened, welding, main_iban, treasurer, result, code
    ):
        name = f"{welding.provider.name} B.V."
        answers.write_text(f"iban,name,result,suggestion\n{NEW_IBAN},{name},{result},De Las BV\n")
        row = enter(opened, welding, treasurer, answer=ANSWER)
        assert (row.name_check, row.warnings) == (result, code)
        assert row.name_suggestion == ("De Las BV" if code == "name_close" else "")
        assert row.name_checked_at is not None

    def test_an_answer_that_changed_before_the_verification_stops_it(
        self, answers, opened, welding, main_iban, treasurer, second_treasurer
    ):
        row = enter(opened, welding, treasurer)
        name = f"{welding.provider.name} B.V."
        answers.write_text(f"iban,name,result\n{NEW_IBAN},{name},no_match\n")
        with refuses("warnings_new"):
            payees.verify(payee=row, actor=second_treasurer, **seen())


class TestWhoHears:
    def test_the_old_contact_hears_that_an_account_changes(
        self, opened, welding, school, teacher_of_school, treasurer
    ):
        enter(opened, welding, treasurer)
        message = Message.objects.get(kind="account_changed")
        assert message.to == teacher_of_school.email
        for language in ("nl", "en"):
            message.language = language
            text = " ".join(words.words(message))
            assert "4567" in text
            assert "6789" in text
            assert NEW_IBAN not in text
            assert SCHOOL_IBAN not in text
        assert NEW_IBAN not in str(message.params)

    def test_who_changes_the_contact_first_is_seen_by_the_old_one(
        self, opened, welding, teacher_of_school, main_iban, treasurer, adviser
    ):
        provider_seats.give(
            provider=welding.provider,
            email="thief@example.nl",
            name="T. Hief",
            region=opened.fund.region,
            actor=adviser,
        )
        provider_seats.end(
            seat=ProviderSeat.objects.get(user=teacher_of_school),
            region=opened.fund.region,
            actor=adviser,
        )
        enter(opened, welding, treasurer)
        assert told("account_changed") == ["thief@example.nl", teacher_of_school.email]

    def test_a_worker_hears_it_where_the_account_signs_in_too(self, award, treasurer):
        worker = award.request.worker
        old = worker.user.email
        worker.email = "new@example.nl"
        worker.save()
        payees.enter(
            fund=award.round.fund,
            worker=worker,
            iban=NEW_IBAN,
            holder_name=worker.name,
            actor=treasurer,
        )
        assert told("account_changed") == sorted([old, "new@example.nl"])

    def test_everybody_else_of_the_fund_hears_that_it_was_verified(
        self, entered, opened, treasurer, second_treasurer, chair, chair_of_drenthe
    ):
        gone = seat("Gone Away", opened.fund, Seat.Role.BOARD)
        Seat.objects.filter(user=gone).update(until=timezone.localdate() - timedelta(days=1))
        payees.verify(payee=entered, actor=second_treasurer, **seen())
        told_to = told("money_step")
        assert chair.email in told_to
        for nobody in (treasurer, second_treasurer, gone, chair_of_drenthe):
            assert nobody.email not in told_to
        message = Message.objects.filter(kind="money_step").first()
        assert NEW_IBAN not in str(message.params)
        assert "6789" in words.words(message)[1]

    def test_where_the_two_are_alone_the_overseer_hears_it(
        self, entered, second_treasurer, treasurer, settings
    ):
        Seat.objects.exclude(user__in=[treasurer, second_treasurer]).delete()
        settings.OVERSEER_EMAIL = ""
        with refuses("nobody_to_tell"):
            payees.verify(payee=entered, actor=second_treasurer, **seen())
        entered.refresh_from_db()
        assert entered.verified_at is None
        settings.OVERSEER_EMAIL = "accountant@example.nl"
        payees.verify(payee=entered, actor=second_treasurer, **seen())
        assert told("money_step") == ["accountant@example.nl"]

    def test_the_wait_of_a_day_counts_from_the_verification(self, entered, second_treasurer):
        row = payees.verify(payee=entered, actor=second_treasurer, **seen())
        assert row.usable_from - row.verified_at == timedelta(hours=24)
        with refuses("payee_waits"):
            payees.require_usable(row)


def test_a_payee_from_before_kinds_of_evidence_keeps_its_verification(
    opened, welding, treasurer, second_treasurer
):
    row = usable_payee(
        opened.fund,
        treasurer,
        second_treasurer,
        provider=welding.provider,
        iban=NEW_IBAN,
        holder_name="x",
    )
    payees.require_usable(row)
