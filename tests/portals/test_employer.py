"""The employer's pages: each shows its own organisation's facts, and nobody else's."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from budgetpool.mail.models import Message
from employers import certificates, outreach, people
from employers.models import (
    Certificate,
    Deposit,
    Employer,
    EmployerMember,
    InviteCode,
    MirrorAnswers,
    Pledge,
    SkillDemand,
)
from employers.pledges import promising, requests
from tests.bank.samples import entry_xml
from tests.cast import make_person, signed_in
from tests.refusing import refuses

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


def text(answer):
    return answer.content.decode().replace(NBSP, " ").replace("&nbsp;", " ")


def url(name, *args):
    return reverse(f"employer:{name}", args=args)


@pytest.fixture
def paid(contribution, receive):
    """The first quarter is paid: EUR 2,500."""
    receive(entry_xml("2500.00", structured=contribution.reference))
    return contribution


def test_the_first_page_tells_what_to_pay_next(contribution, viewer, employer):
    answer = signed_in(viewer).get(url("home", employer.pk))
    assert "€ 2.500" in text(answer)
    assert url("payment", employer.pk, contribution.pk) in text(answer)


def test_the_first_page_tells_which_request_comes_next(paid, pledge, viewer, employer):
    """EUR 10,000 a year, per quarter: the first is asked and paid, the second comes."""
    expected = requests.next_expected(employer, day=paid.asked_on)
    assert expected.day > paid.period_start
    assert (expected.amount_cents, expected.fund) == (250_000, paid.fund)
    assert requests.next_expected(employer, day=date(2020, 1, 1)) is None
    shown = text(signed_in(viewer).get(url("home", employer.pk)))
    assert ("€ 2.500 voor het fonds van Twente" in shown) == (
        requests.next_expected(employer) is not None
    )


def test_the_start_leads_to_the_only_organisation_and_asks_with_two(
    viewer, employer, other_employer
):
    browser = signed_in(viewer)
    assert browser.get(url("start")).url == url("home", employer.pk)
    EmployerMember.objects.create(employer=other_employer, user=viewer, role="viewer")
    assert other_employer.name in text(browser.get(url("start")))


class TestPledges:
    data = {
        "kind": "payroll",
        "percentage": "1,2",
        "payroll": "1.000.000",
        "schedule": "monthly",
        "starts_on": "01-03-2027",
    }

    def test_a_manager_promises_a_percentage(self, manager, employer, twente):
        answer = signed_in(manager).post(
            url("pledge-new", employer.pk), {**self.data, "fund": twente.pk}
        )
        assert answer.status_code == 302
        made = Pledge.objects.get()
        assert (made.basis_points, made.payroll_cents, made.year_cents) == (
            120,
            1_000_000_00,
            12_000_00,
        )
        assert made.starts_on == date(2027, 3, 1)
        shown = text(signed_in(manager).get(url("pledges", employer.pk)))
        assert "1,20% van € 1.000.000" in shown

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"percentage": ""}, "percentage"),
            ({"percentage": "-1"}, "percentage"),
            ({"payroll": "-5"}, "payroll"),
            ({"kind": "fixed"}, "amount"),
            ({"kind": "per_worker", "amount": "150"}, "workers_count"),
            ({"starts_on": "1 mei"}, "starts_on"),
            ({"ends_on": "01-01-2027"}, None),
        ],
    )
    def test_a_wrong_figure_is_told_at_its_field(self, manager, employer, twente, change, field):
        answer = signed_in(manager).post(
            url("pledge-new", employer.pk), {**self.data, "fund": twente.pk, **change}
        )
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == [field or "__all__"]
        assert not Pledge.objects.exists()

    def test_a_change_is_a_new_version_and_the_old_one_stays(self, manager, employer, pledge):
        signed_in(manager).post(
            url("pledge-change", employer.pk, pledge.pk),
            {"kind": "fixed", "amount": "12.000", "schedule": "quarterly", "starts_on": "1-1-2027"},
        )
        assert [row.version for row in promising.versions(pledge)] == [2, 1]
        assert "€ 10.000" in text(signed_in(manager).get(url("pledges", employer.pk)))

    def test_only_the_newest_version_can_be_changed(self, manager, employer, pledge):
        promising.end(pledge=pledge, on=date(2027, 12, 31), by=manager)
        assert (
            signed_in(manager).get(url("pledge-change", employer.pk, pledge.pk)).status_code == 404
        )

    @pytest.mark.parametrize("who", ["viewer", "payer"])
    def test_only_a_manager_promises(self, request, who, employer):
        person = request.getfixturevalue(who)
        assert signed_in(person).get(url("pledge-new", employer.pk)).status_code == 403


class TestPayments:
    def test_a_request_shows_the_details_and_a_qr_code(
        self,
        viewer,
        employer,
        contribution,
        fund_iban,
    ):
        shown = text(signed_in(viewer).get(url("payment", employer.pk, contribution.pk)))
        assert "NL91 ABNA 0417 1643 00" in shown
        assert contribution.reference in shown
        assert "<svg" in shown
        assert " style=" not in shown

    def test_a_paid_request_shows_what_came_in_and_asks_nothing(self, viewer, employer, paid):
        shown = text(signed_in(viewer).get(url("payment", employer.pk, paid.pk)))
        assert "QR-code" not in shown
        assert "5 januari 2027" in shown

    def test_the_list_says_what_is_late(self, viewer, employer, contribution):
        contribution.due_on = date(2020, 1, 1)
        contribution.save()
        assert "te laat" in text(signed_in(viewer).get(url("payments", employer.pk)))


class TestAccount:
    @pytest.fixture
    def year(self, paid):
        return paid.asked_on.year

    def test_the_statement_adds_up_to_what_is_open(self, viewer, employer, paid):
        asked, received = paid.asked_on.year, 2027
        browser = signed_in(viewer)
        answer = browser.get(url("account", employer.pk, received))
        assert answer.context["statement"].paid_cents == 2500_00
        if asked != received:
            first = browser.get(url("account", employer.pk, asked)).context["statement"]
            assert (first.closing_cents, answer.context["statement"].opening_cents) == (
                2500_00,
                2500_00,
            )
        assert answer.context["statement"].closing_cents == 0

    def test_the_csv_has_decimal_commas_and_no_formulas(self, viewer, employer, paid):
        paid.fund.region.name = "=HYPERLINK(1)"
        paid.fund.region.save()
        answer = signed_in(viewer).get(url("account-csv", employer.pk, 2027))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert "2500,00" in lines[-1]
        assert ";'=HYPERLINK(1);" in lines[-1]
        assert ".csv" in answer["Content-Disposition"]

    def test_the_workbook_has_numbers_and_no_formulas(self, viewer, employer, paid):
        paid.fund.region.name = "@SUM(1)"
        paid.fund.region.save()
        answer = signed_in(viewer).get(url("account-xlsx", employer.pk, 2027))
        sheet = load_workbook(io.BytesIO(answer.content)).active
        row = [cell.value for cell in sheet[sheet.max_row]]
        assert row[3] == "'@SUM(1)"
        assert row[5] == 2500
        assert all(cell.data_type != "f" for line in sheet for cell in line)

    def test_the_yearly_statement_is_a_pdf(self, viewer, employer, paid):
        answer = signed_in(viewer).get(url("account-pdf", employer.pk, 2027))
        assert answer.content.startswith(b"%PDF")
        assert len(answer.content) > 5_000

    def test_a_year_that_cannot_be_is_not_found(self, viewer, employer):
        assert signed_in(viewer).get(url("account", employer.pk, 9999)).status_code == 404


class TestPeople:
    def test_a_colleague_is_invited_and_takes_the_place(self, manager, employer):
        browser = signed_in(manager)
        browser.post(url("invite", employer.pk), {"email": "Nina.New@example.nl", "role": "payer"})
        message = Message.objects.get(kind="employer_invitation")
        secret = message.params["url"].rsplit("/", 1)[1]
        new = make_person("Nina New")
        answer = signed_in(new).post(url("accept", secret))
        assert answer.url == url("home", employer.pk)
        assert new.employer_places.get().role == "payer"
        assert signed_in(new).post(url("accept", secret)).status_code == 410

    def test_an_invitation_is_for_its_own_address_only(self, manager, employer, stranger):
        _invitation, secret = people.invite(
            employer=employer, email="nina@example.nl", role="viewer", by=manager
        )
        assert "nina@example.nl" in text(signed_in(stranger).get(url("accept", secret)))
        signed_in(stranger).post(url("accept", secret))
        with refuses("other_address"):
            people.accept(secret=secret, user=stranger)
        assert not stranger.employer_places.exists()

    def test_a_withdrawn_invitation_opens_nothing(self, manager, employer, client):
        invitation, secret = people.invite(
            employer=employer, email="nina@example.nl", role="viewer", by=manager
        )
        signed_in(manager).post(url("invitation-withdraw", employer.pk, invitation.pk))
        assert client.get(url("accept", secret)).status_code == 410
        with refuses("invitation_ended"):
            people.accept(secret=secret, user=make_person("Nina"))

    def test_the_secret_is_kept_only_as_a_digest(self, manager, employer):
        invitation, secret = people.invite(
            employer=employer, email="nina@example.nl", role="viewer", by=manager
        )
        assert secret not in str(invitation.__dict__)

    def test_somebody_who_belongs_already_is_not_invited_again(self, manager, viewer, employer):
        answer = signed_in(manager).post(
            url("invite", employer.pk), {"email": viewer.email, "role": "payer"}
        )
        assert answer.context["form"].errors
        with refuses("already_member"):
            people.invite(employer=employer, email=viewer.email, role="payer", by=manager)

    def test_the_last_manager_stays(self, manager, employer):
        own = manager.employer_places.get()
        signed_in(manager).post(url("person", employer.pk, own.pk), {"end": "1"})
        signed_in(manager).post(url("person", employer.pk, own.pk), {"role": "viewer"})
        with refuses("last_manager"):
            people.end_place(member=own, by=manager)
        own.refresh_from_db()
        assert (own.role, own.ended_at) == ("manager", None)

    def test_somebody_who_left_sees_nothing_any_more(self, manager, viewer, employer):
        place = viewer.employer_places.get()
        browser = signed_in(viewer)
        assert browser.get(url("home", employer.pk)).status_code == 200
        signed_in(manager).post(url("person", employer.pk, place.pk), {"end": "1"})
        assert browser.get(url("home", employer.pk)).status_code == 403

    def test_a_viewer_invites_nobody(self, viewer, employer):
        signed_in(viewer).post(
            url("people", employer.pk), {"email": "x@example.nl", "role": "manager"}
        )
        assert not employer.invitations.exists()


class TestFlex:
    def test_a_code_gives_a_poster_and_counts_visits(self, payer, employer, twente, client):
        answer = signed_in(payer).post(
            url("code-new", employer.pk), {"fund": twente.pk, "channel": "kantine"}
        )
        code = InviteCode.objects.get()
        shown = text(signed_in(payer).get(answer.url))
        assert code.code in shown
        assert "<svg" in shown
        client.get(reverse("invited", args=[code.code.lower()]))
        code.refresh_from_db()
        assert code.visits_count == 1

    def test_an_ended_code_leads_nowhere(self, payer, employer, twente):
        code = outreach.make_code(employer=employer, fund=twente, channel="kantine", by=payer)
        signed_in(payer).post(url("code-end", employer.pk, code.pk))
        assert outreach.visit(code.code) is None

    def test_the_mirror_gives_advice_after_a_no(self, viewer, employer):
        browser = signed_in(viewer)
        browser.post(url("mirror", employer.pk), {"weten": "yes", "kunnen": "no"})
        assert MirrorAnswers.objects.get().kunnen == "no"
        assert [
            row["item"].code for row in browser.get(url("mirror", employer.pk)).context["advice"]
        ] == ["kunnen"]

    def test_a_payer_tells_what_is_expected(self, payer, employer, twente):
        signed_in(payer).post(
            url("demand", employer.pk),
            {
                "fund": twente.pk,
                "occupation": "orderpicker",
                "skill": "reachtruck",
                "direction": "more",
                "people_count": "40",
                "from_year": "2028",
            },
        )
        told = SkillDemand.objects.get()
        assert (told.people_count, told.from_year) == (40, 2028)
        assert "reachtruck" in text(signed_in(payer).get(url("flex", employer.pk)))

    def test_a_bsn_is_refused_in_free_text(self, payer, employer, twente):
        answer = signed_in(payer).post(
            url("code-new", employer.pk), {"fund": twente.pk, "channel": "kaart 111222333"}
        )
        assert "channel" in answer.context["form"].errors
        assert not InviteCode.objects.exists()


class TestCertificates:
    def test_a_certificate_is_confirmed_by_a_public_page(self, viewer, employer, paid, client):
        signed_in(viewer).post(
            url("certificates", employer.pk), {"fund": paid.fund.pk, "year": "2026"}
        )
        assert not Certificate.objects.exists()
        made = certificates.issue(
            employer=employer, fund=paid.fund, year=2027, people_count=41, by=viewer
        )
        for spelled in (made.code, made.code.lower(), made.code.replace("-", "")):
            shown = text(client.get(url("certificate-confirm", spelled)))
            assert "€ 2.500,00" in shown
            assert employer.kvk in shown

    def test_an_unknown_or_withdrawn_code_is_not_confirmed(self, manager, employer, paid, client):
        assert client.get(url("certificate-confirm", "AAAA-BBBB-CCCC")).status_code == 404
        made = certificates.issue(
            employer=employer, fund=paid.fund, year=2027, people_count=None, by=manager
        )
        certificates.withdraw(certificate=made, by=manager)
        assert client.get(url("certificate-confirm", made.code)).status_code == 404

    def test_the_certificate_is_a_pdf_with_its_code(self, viewer, employer, paid):
        made = certificates.issue(
            employer=employer, fund=paid.fund, year=2027, people_count=None, by=viewer
        )
        answer = signed_in(viewer).get(url("certificate-pdf", employer.pk, made.pk))
        assert answer.content.startswith(b"%PDF")
        assert made.code in answer["Content-Disposition"]

    def test_a_manager_withdraws_a_certificate_and_a_viewer_cannot(
        self, viewer, manager, employer, paid, client
    ):
        made = certificates.issue(
            employer=employer, fund=paid.fund, year=2027, people_count=None, by=viewer
        )
        address = url("certificate-withdraw", employer.pk, made.pk)
        assert signed_in(viewer).post(address).status_code == 403
        browser = signed_in(manager)
        assert made.code in text(browser.get(url("certificates", employer.pk)))
        assert browser.post(address).status_code == 302
        assert client.get(url("certificate-confirm", made.code)).status_code == 404
        assert browser.get(url("certificate-pdf", employer.pk, made.pk)).status_code == 404
        assert browser.post(address).status_code == 404

    def test_the_look_up_leads_to_the_code(self, client):
        answer = client.get(url("certificate-look-up"), {"code": "abcd efgh jkmn"})
        assert answer.status_code == 302


def test_no_address_shows_anything_of_another_employer(
    other_manager,
    employer,
    manager,
    contribution,
    pledge,
    twente,
    payer,
    paid,
    other_employer,
):
    """Own address with foreign ids, and foreign addresses: 404 for all of them."""
    browser = signed_in(other_manager)
    code = outreach.make_code(employer=employer, fund=twente, channel="kantine", by=payer)
    certificate = certificates.issue(
        employer=employer, fund=twente, year=2027, people_count=None, by=manager
    )
    invitation, _secret = people.invite(
        employer=employer, email="n@example.nl", role="viewer", by=manager
    )
    things = {
        "payment": contribution.pk,
        "pledge-change": pledge.pk,
        "person": manager.employer_places.get().pk,
        "poster": code.pk,
        "certificate-pdf": certificate.pk,
    }
    for name, pk in things.items():
        for owner in (employer, other_employer):
            assert browser.get(url(name, owner.pk, pk)).status_code == 404, name
    for name, pk in (
        ("code-end", code.pk),
        ("invitation-withdraw", invitation.pk),
        ("certificate-withdraw", certificate.pk),
    ):
        for owner in (employer, other_employer):
            assert browser.post(url(name, owner.pk, pk)).status_code == 404, name
    for name in ("account", "account-csv", "account-xlsx", "account-pdf"):
        assert browser.get(url(name, employer.pk, 2027)).status_code == 404
    assert Deposit.objects.exists()


def test_the_pages_ask_a_fixed_number_of_queries(
    viewer,
    employer,
    pledge,
    twente,
    django_assert_max_num_queries,
):
    requests.ask_due(fund=twente, day=date(2029, 12, 1))
    browser = signed_in(viewer)
    for name in ("home", "payments"):
        with django_assert_max_num_queries(30):
            browser.get(url(name, employer.pk))


class TestRegistering:
    data = {
        "name": "Hengelo Metaal",
        "kvk": "87654321",
        "iban": "nl20 ingb 0001 2345 67",
        "manager_email": "baas@example.nl",
    }

    def test_the_desk_enters_an_employer_and_its_manager_is_invited(self, treasurer, twente):
        signed_in(treasurer).post(url("register", twente.region.slug), self.data)
        made = Employer.objects.get(kvk="87654321")
        assert made.ibans.get().iban == "NL20INGB0001234567"
        assert made.invitations.get().role == "manager"
        assert Message.objects.get().to == "baas@example.nl"

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"kvk": "1234567"}, "kvk"), ({"kvk": "12345678"}, "kvk"), ({"iban": "NL00"}, "__all__")],
    )
    def test_a_wrong_number_stores_nothing(self, treasurer, twente, employer, change, field):
        answer = signed_in(treasurer).post(
            url("register", twente.region.slug), {**self.data, **change}
        )
        assert field in answer.context["form"].errors
        assert Employer.objects.count() == 1
        assert not Message.objects.exists()
