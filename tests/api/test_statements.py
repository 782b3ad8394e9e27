"""A treasurer's system brings in bank statements: only where two people let it, and by one road."""

import base64

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from api import admissions
from api.models import Admission, PartnerAdministrator
from budgetpool.audit.models import AuditEvent
from budgetpool.bank.models import BankEntry, BankStatement, HeldFile
from budgetpool.fund import checks, ledger
from budgetpool.mail import words
from budgetpool.mail.models import Message
from employers.models import Deposit
from tests.api.conftest import make_program, program_of
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import make_fund_iban, make_partner, signed_in
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db
BAKER = "NL20INGB0001234567"
ADDRESS = "/funds/BIJ3-09/statements"


def coded(content, name="day.xml"):
    return {"name": name, "content": base64.b64encode(content).decode()}


def day(number=4, opening=0, *amounts, iban="NL91ABNA0417164300", id=None, name="Bakker"):
    """One day in January 2027, in whole euros; EUR 100 in unless told otherwise."""
    amounts = amounts or (100,)
    lines = [
        entry_xml(
            f"{abs(amount)}.00",
            "CRDT" if amount > 0 else "DBIT",
            date=f"2027-01-{number:02}",
            iban=BAKER,
            name=name,
        )
        for amount in amounts
    ]
    xml = statement_xml(
        *lines,
        id=id or f"D{number}",
        iban=iban,
        day=f"2027-01-{number:02}",
        opening=f"{opening}.00",
        closing=f"{opening + sum(amounts)}.00",
    )
    return camt(xml).getvalue()


def admit(fund, program, first, second, may="statements:write"):
    client_id = program.partner.client.client_id
    asked = admissions.ask(
        fund=fund, client_id=client_id, may=may, reason="Contract of 12 January", by=first
    )
    return admissions.confirm(admission=asked, by=second)


@shared
def accountant(fund_iban, treasurer, chair):
    """The program of the fund's accountant, let in by the treasurer and the chair."""
    made = program_of(make_partner("Boekhouder Oost", "55556666", []))
    admit(fund_iban.fund, made, treasurer, chair)
    return made


def codes(answer):
    assert answer.status_code == 400, answer.content
    return {(one["location"]["pointer"], one["code"]) for one in answer.json()["errors"]}


def nothing_is_booked():
    return not (BankEntry.objects.exists() or HeldFile.objects.exists())


class TestWhatComesIn:
    def test_a_file_is_booked_and_the_answer_says_what_waits(self, accountant, fund_iban):
        answer = accountant.post(ADDRESS, coded(day(4, 0, 100, -30)))
        assert answer.status_code == 201, answer.content
        told = answer.json()
        (one,) = told["statements"]
        assert (one["state"], one["newCount"], one["knownCount"]) == ("booked", 2, 0)
        assert (told["waitingCount"], told["waitingCents"]) == (1, 10_000)
        assert (told["leftCount"], told["leftCents"]) == (1, 3_000)
        assert ledger.balance_cents(fund_iban.account) == 7_000
        row = BankStatement.objects.get()
        assert row.imported_by == accountant.partner.account
        event = AuditEvent.objects.get(action="statement.imported")
        assert event.actor == accountant.partner.account

        page = accountant.client.get(answer.headers["Location"])
        (shown,) = page.json()["items"]
        assert (shown["id"], shown["closingCents"], shown["waitingCount"]) == (row.pk, 7_000, 2)
        alone = accountant.get(f"{ADDRESS}/{row.pk}")
        assert alone.json() == shown
        assert "Bakker" not in alone.content.decode()
        assert BAKER not in alone.content.decode()
        assert all(outcome.ok for outcome in checks.check_ledger())

    def test_the_same_file_again_is_known(self, accountant):
        first = accountant.post(ADDRESS, coded(day()), key="k-1")
        again = accountant.post(ADDRESS, coded(day()), key="k-1")
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
        assert again.json() == first.json()
        other_key = accountant.post(ADDRESS, coded(day(), "renamed.xml"))
        assert other_key.status_code == 200
        (one,) = other_key.json()["statements"]
        assert (one["state"], one["newCount"], one["knownCount"]) == ("known", 0, 1)
        assert Deposit.objects.count() == 1

    def test_a_statement_that_is_missing_holds_the_next_one_until_it_comes(self, accountant):
        accountant.post(ADDRESS, coded(day(4, 0, 100)))
        gap = accountant.post(ADDRESS, coded(day(6, 150, 20)), language="nl")
        assert gap.status_code == 202
        (one,) = gap.json()["statements"]
        assert (one["state"], one["reason"]["code"], one["newCount"]) == ("held", "gap", 0)
        assert "ontbreekt" in one["reason"]["detail"]
        held = HeldFile.objects.get()
        assert one["page"] == f"{settings.SITE_URL}/treasurer/twente/bank/files/{held.pk}"
        missing = accountant.post(ADDRESS, coded(day(5, 100, 50)))
        assert [one["state"] for one in missing.json()["statements"]] == ["booked", "booked"]
        assert BankEntry.objects.count() == 3

    def test_a_file_of_one_own_and_one_foreign_account_says_so_of_each(self, accountant):
        both = day().replace(
            b"</BkToCstmrStmt>",
            day(iban="NL20INGB0001234567", id="X")
            .partition(b"</GrpHdr>")[2]
            .partition(b"</BkToCstmrStmt>")[0]
            + b"</BkToCstmrStmt>",
        )
        answer = accountant.post(ADDRESS, coded(both))
        assert answer.status_code == 201
        states = [
            (one["state"], one["reason"] and one["reason"]["code"])
            for one in answer.json()["statements"]
        ]
        assert states == [("booked", None), ("not_booked", "other_account")]


class TestForgeries:
    def test_a_file_that_does_not_add_up_is_refused_in_both_languages_and_stays_in_the_trail(
        self, accountant
    ):
        forged = day(4, 0, 100).replace(b'<Amt Ccy="EUR">100.00', b'<Amt Ccy="EUR">99999.00', 1)
        for language, word in (("en", "does not add up"), ("nl", "klopt niet")):
            answer = accountant.post(ADDRESS, coded(forged), language=language)
            assert codes(answer) == {("#/content", "balance_not_proven")}
            assert word in answer.json()["errors"][0]["detail"]
        assert nothing_is_booked()
        event = AuditEvent.objects.filter(action="statement.refused").first()
        assert event.details["codes"] == ["balance_not_proven"]
        assert event.region_code == "BIJ3-09"

    def test_a_forged_day_that_adds_up_and_then_the_true_one(self, accountant):
        """The second to come is held, so that people compare the two; neither is lost."""
        assert accountant.post(ADDRESS, coded(day(4, 0, 99_999), "forged.xml")).status_code == 201
        true = accountant.post(ADDRESS, coded(day(4, 0, 100), "true.xml"))
        assert true.status_code == 202
        assert true.json()["statements"][0]["reason"]["code"] == "contradicts"
        assert bytes(HeldFile.objects.get().content) == day(4, 0, 100)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "blank"),
            (b"hello", "not_a_statement"),
            (b"<a/>", "not_a_statement"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "not_a_statement"),
            (day(iban=BAKER), "other_account"),
        ],
        ids=["empty", "text", "other xml", "entities", "other account"],
    )
    def test_what_is_no_statement_of_the_fund_is_refused(self, accountant, content, code):
        assert codes(accountant.post(ADDRESS, coded(content))) == {("#/content", code)}
        assert nothing_is_booked()

    def test_what_is_no_base64_or_too_large_is_refused(self, accountant):
        body = {"name": "a.xml", "content": "%%%"}
        assert codes(accountant.post(ADDRESS, body)) == {("#/content", "not_base64")}
        large = {"name": "a.xml", "content": "A" * 4_800_004}
        assert codes(accountant.post(ADDRESS, large)) == {("#/content", "max_length")}
        huge = {"name": "a.xml", "content": "A" * 5_000_000}
        assert accountant.post(ADDRESS, huge).status_code == 413

    def test_an_account_of_another_fund_is_not_booked_by_this_door(
        self, accountant, drenthe, fund_iban
    ):
        theirs = make_fund_iban(drenthe, "NL02ABNA0123456789", "bank-drenthe")
        answer = accountant.post(ADDRESS, coded(day(iban=theirs.iban)))
        assert codes(answer) == {("#/content", "other_account")}
        assert nothing_is_booked()


class TestWhoMay:
    def may_nothing(self, program, address=ADDRESS):
        for answer in (program.post(address, coded(day())), program.get(address)):
            assert (answer.status_code, answer.json()["code"]) == (403, "not_admitted")
        assert nothing_is_booked()

    def test_a_program_that_nobody_let_in(self, fund_iban, twente):
        self.may_nothing(make_program("Vreemde", "77778888", [twente.region]))

    def test_a_program_of_another_fund(self, accountant, drenthe, fund_iban):
        self.may_nothing(accountant, f"/funds/{drenthe.region.code}/statements")

    def test_no_fund_is_no_address(self, accountant):
        assert accountant.get("/funds/nowhere/statements").status_code == 404

    def test_one_person_lets_nobody_in(self, fund_iban, treasurer, twente):
        made = make_program("Boekhouder", "55556666", [])
        asked = admissions.ask(
            fund=twente,
            client_id=made.partner.client.client_id,
            may="statements:write",
            reason="x",
            by=treasurer,
        )
        self.may_nothing(made)
        with refuses("same_person"):
            admissions.confirm(admission=asked, by=treasurer)
        with pytest.raises(IntegrityError), transaction.atomic():
            Admission.objects.filter(pk=asked.pk).update(
                confirmed_by=treasurer, confirmed_at=asked.asked_at
            )
        self.may_nothing(made)

    def test_one_person_shuts_it_out_also_from_an_answer_of_before(
        self, accountant, chair, fund_iban
    ):
        assert accountant.post(ADDRESS, coded(day()), key="k-1").status_code == 201
        admission = Admission.objects.get()
        admissions.withdraw(admission=admission, by=chair)
        for answer in (
            accountant.post(ADDRESS, coded(day()), key="k-1"),
            accountant.post(ADDRESS, coded(day(5, 100, 10))),
            accountant.get(ADDRESS),
            accountant.get(f"{ADDRESS}/{BankStatement.objects.get().pk}"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "not_admitted")
        with refuses("wrong_state"):
            admissions.confirm(admission=admission, by=chair)
        with pytest.raises(IntegrityError), transaction.atomic():
            Admission.objects.update(ended_at=None, ended_by=None)

    def test_who_may_only_see_brings_nothing_in(self, fund_iban, twente, treasurer, chair):
        made = make_program("Controleur", "55556667", [])
        admit(twente, made, treasurer, chair, may="statements:read")
        answer = made.post(ADDRESS, coded(day()))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_admitted")
        assert made.get(ADDRESS).json()["items"] == []

    def test_a_token_without_the_scope(self, accountant):
        client = accountant.partner.client
        client.scopes = ["requests:read"]
        client.save()
        answer = accountant.post(ADDRESS, coded(day()))
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")

    def test_who_manages_a_program_lets_it_in_neither_first_nor_second(
        self, fund_iban, twente, treasurer, chair
    ):
        made = make_program("Boekhouder", "55556666", [])
        own = PartnerAdministrator.objects.create(partner=made.partner, user=treasurer)
        with refuses("own_program"):
            admit(twente, made, treasurer, chair)
        own.ended_at = own.since
        own.save()
        PartnerAdministrator.objects.create(partner=made.partner, user=chair)
        with refuses("own_program"):
            admit(twente, made, treasurer, chair)

    def test_it_is_let_in_once_and_only_what_exists(self, accountant, twente, treasurer):
        def ask(client_id):
            admissions.ask(
                fund=twente, client_id=client_id, may="statements:write", reason="x", by=treasurer
            )

        with refuses("admitted_already"):
            ask(accountant.partner.client.client_id)
        with refuses("no_such_program"):
            ask("budgetpool_x")

    def test_the_page_lets_in_by_two_shows_the_last_use_and_shuts_out_by_one(
        self, fund_iban, treasurer, chair, second_signer
    ):
        made = make_program("Boekhouder Oost", "55556666", [])
        page = reverse("treasurer-programs", args=["twente"])
        desk, board = signed_in(treasurer), signed_in(chair)
        form = {"client_id": "wrong", "may": "statements:write", "reason": "Contract"}
        wrong = desk.post(page, {"verb": "ask"} | form)
        assert wrong.status_code == 422
        assert "Geen programma heeft deze naam" in wrong.content.decode()
        form["client_id"] = f" {made.partner.client.client_id} "
        assert desk.post(page, {"verb": "ask"} | form).status_code == 302
        asked = Admission.objects.get()
        for browser, door in ((desk, "treasurer-home"), (board, "board-home")):
            waits = browser.get(reverse(door, args=["twente"])).content.decode()
            assert "Programma’s die toegang vragen" in waits
            assert ("Je vroeg het zelf" in waits) == (browser is desk)
        desk.post(page, {"verb": f"confirm-{asked.pk}"})
        self.may_nothing(made)
        assert board.post(page, {"verb": "ask"} | form).status_code == 302
        board.post(page, {"verb": f"confirm-{asked.pk}"})
        assert "nooit" in board.get(page).content.decode()
        assert made.get(ADDRESS).status_code == 200
        shown = board.get(page).content.decode()
        assert "nooit" not in shown
        assert "Boekhouder Oost" in shown
        board.post(page, {"verb": f"withdraw-{asked.pk}"})
        self.may_nothing(made)
        assert "Ingetrokken" in desk.get(page).content.decode()
        assert list(
            AuditEvent.objects.filter(action__startswith="admission.")
            .order_by("pk")
            .values_list("action", "actor")
        ) == [
            ("admission.asked", treasurer.pk),
            ("admission.confirmed", chair.pk),
            ("admission.withdrawn", chair.pk),
        ]

    def test_everybody_else_of_the_fund_hears_of_it(self, second_signer, accountant):
        message = Message.objects.get(kind="money_step", to=second_signer.email)
        assert message.params["program"] == "Boekhouder Oost"
        assert "Boekhouder Oost" in " ".join(words.words(message))
