"""The tests' cast: a few people with their places, and a double of each who may see none of it.

Twente is where things happen; Drenthe is the double. Fixtures give saved rows; what a test needs
beyond them it makes itself.
"""

import time
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from allocation import rounds
from allocation.rules import policies
from allocation.rules.draws import Draw
from api import tokens
from api.models import PartnerAdministrator
from budgetpool.fund import funds, ledger
from budgetpool.fund.models import Account, Fund, FundIban, Region, Seat
from budgetpool.register.models import Edition, Provider, ProviderSeat, Training
from budgetpool.users import addresses
from budgetpool.users.models import User
from employers.models import Employer, EmployerIban, EmployerMember
from tests.sharing import shared
from workers import requests
from workers.around import own_helpers
from workers.counter import mandates
from workers.models import Window, Worker


def make_person(name, **fields):
    """An account whose e-mail address follows from the name."""
    email = f"{name.lower().replace(' ', '.')}@example.nl"
    person = User.objects.create_user(email, name=name, **fields)
    addresses.prove(person)
    return person


def make_fund(code, name):
    region = Region.objects.create(code=code, name=name, slug=name.lower(), valid_from=2015)
    return Fund.objects.create(region=region, name=f"Scholingsfonds {name}")


def seat(name, fund, role):
    """A new person with a seat in the fund's region."""
    person = make_person(name)
    Seat.objects.create(user=person, region=fund.region, role=role)
    return person


def signed_in(person, *, second_factor=False, by_code=False, minutes_ago=0):
    """A browser in which this person has signed in so many minutes ago, or ages ago."""
    browser = Client()
    browser.force_login(person)
    if second_factor or by_code:
        session = browser.session
        at = time.time() - 60 * minutes_ago
        way = {"method": "mfa", "type": "totp"} if second_factor else {"method": "code"}
        session["account_authentication_methods"] = [way | {"at": at}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return browser


@shared
def twente(db):
    return make_fund("BIJ3-09", "Twente")


@shared
def drenthe(db):
    return make_fund("BIJ3-04", "Drenthe")


@shared
def chair(twente):
    return seat("Carla Chair", twente, Seat.Role.BOARD)


@shared
def second_signer(twente):
    return seat("Sander Second", twente, Seat.Role.BOARD)


@shared
def third_member(twente):
    return seat("Tirza Third", twente, Seat.Role.BOARD)


@shared
def treasurer(twente):
    return seat("Tess Treasurer", twente, Seat.Role.TREASURER)


@shared
def adviser(twente):
    return seat("Ad Adviser", twente, Seat.Role.ADVISER)


@shared
def administrator(twente):
    person = seat("Anna Administrator", twente, Seat.Role.ADMINISTRATOR)
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    return person


@shared
def chair_of_drenthe(drenthe):
    return seat("Dirk Chair", drenthe, Seat.Role.BOARD)


@shared
def treasurer_of_drenthe(drenthe):
    return seat("Dora Treasurer", drenthe, Seat.Role.TREASURER)


@shared
def adviser_of_drenthe(drenthe):
    return seat("Door Adviser", drenthe, Seat.Role.ADVISER)


@shared
def stranger(db):
    """Somebody with an account and no place anywhere."""
    return make_person("Sam Stranger")


@shared
def superuser(db):
    person = User.objects.create_superuser("root@example.nl", name="Root")
    addresses.prove(person)
    return person


# A flex worker with MBO 2 who works on call, and her double in Drenthe.
FACTS = {
    "birth_date": date(1994, 5, 2),
    "contract": "on_call",
    "sector": "H",
    "education": "mbo2",
    "training_hours_two_years": 0,
    "has_study_finance": False,
}


def make_worker(name, fund, **facts):
    """A worker with an account, whose facts are complete."""
    account = make_person(name)
    return Worker.objects.create(
        user=account,
        region=fund.region,
        name=name,
        email=account.email,
        municipality="Enschede",
        **{**FACTS, **facts},
    )


def make_window(fund, code="2027-1", *, opens=-3, closes=11):
    """A window from `opens` to `closes` days from now; the default is open."""
    now = timezone.now()
    return Window.objects.create(
        fund=fund,
        code=code,
        announced_at=now + timedelta(days=opens - 30),
        opens_at=now + timedelta(days=opens),
        closes_at=now + timedelta(days=closes),
    )


@shared
def worker(twente):
    return make_worker("Willemijn Worker", twente)


@shared
def worker_of_drenthe(drenthe):
    return make_worker("Wim Worker", drenthe, birth_date=date(1988, 9, 1))


@shared
def window(twente):
    return make_window(twente)


def make_helper(name, worker, scope="fill"):
    """A new person of the worker's own choosing, who said yes to helping."""
    person = make_person(name)
    secret = own_helpers.invite(
        actor=worker.user, worker=worker, name=name, email=person.email, scope=scope
    )
    own_helpers.accept(secret=secret, user=person)
    return person


@shared
def sister(worker):
    """Somebody of the worker's own choosing, who may read along and fill in."""
    return make_helper("Zus Willemse", worker)


@shared
def other_sister(worker_of_drenthe):
    """The double: she helps somebody else."""
    return make_helper("Zus Anders", worker_of_drenthe)


@shared
def provider(db):
    return Provider.objects.create(
        name="Vakschool De Kade", kvk="90000001", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )


@shared
def forklift(provider):
    """A day course of EUR 450, of which EUR 45 for the exam."""
    return Training.objects.create(
        provider=provider,
        title="Heftruck rijden",
        sector="H",
        outcome="trade_certificate",
        hours=16,
        price="450.00",
        exam_price="45.00",
    )


@shared
def dutch(provider):
    """An evening course of EUR 890."""
    return Training.objects.create(
        provider=provider,
        title="Nederlands op het werk",
        sector="P",
        outcome="participation",
        hours=40,
        price="890.00",
    )


@shared
def forklift_in_march(forklift):
    return Edition.objects.create(
        training=forklift, starts_on=date(2027, 3, 1), place="Hengelo", seats=12
    )


def make_teacher(name, provider):
    """A new person who works for a school."""
    person = make_person(name)
    ProviderSeat.objects.create(user=person, provider=provider)
    return person


@shared
def teacher(provider):
    return make_teacher("Tina Teacher", provider)


@shared
def partner(twente):
    """An organisation that files requests by program."""
    return make_partner("Leerwinkel Enschede", "11112222", [twente.region])


@shared
def partner_manager(partner):
    return make_partner_manager("Pia Program", partner)


@shared
def other_partner_manager(twente):
    """The double: somebody of another partner in the same region."""
    other = make_partner("Loopbaan Almelo", "33334444", [twente.region])
    return make_partner_manager("Otto Program", other)


def make_partner(name, kvk, regions):
    return tokens.enrol(name=name, kvk=kvk, contact_email="it@example.nl", regions=regions)


def make_partner_manager(name, partner):
    person = make_person(name)
    PartnerAdministrator.objects.create(user=person, partner=partner)
    return person


@shared
def other_teacher(db):
    """The double: somebody of a school that may see nothing of the first."""
    school = Provider.objects.create(
        name="Rijschool Zuid", kvk="90000002", vat_status=Provider.VatStatus.STANDARD
    )
    return make_teacher("Otto Teacher", school)


def make_employer(name, kvk, *, iban=""):
    """An employer, with the bank account that it pays from where one is given."""
    employer = Employer.objects.create(name=name, kvk=kvk, sector="H", municipality="Almelo")
    if iban:
        EmployerIban.objects.create(employer=employer, iban=iban)
    return employer


def place_at(employer, name, role):
    """A new person with a place at the employer."""
    person = make_person(name)
    EmployerMember.objects.create(employer=employer, user=person, role=role)
    return person


def make_fund_iban(fund, iban, code="bank"):
    """A bank account of a fund, with the account of the ledger that mirrors it."""
    account = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code=code)
    return FundIban.objects.create(
        fund=fund, iban=iban, holder_name=fund.name, account=account, is_main=code == "bank"
    )


@shared
def employer(db):
    return make_employer("Almelo Logistiek", "12345678", iban="NL20INGB0001234567")


@shared
def other_employer(db):
    """The double: a company that may see nothing of the first."""
    return make_employer("Borne Bouw", "00000012", iban="NL14SNSB0012345678")


@shared
def manager(employer):
    return place_at(employer, "Mila Manager", "manager")


@shared
def payer(employer):
    return place_at(employer, "Piet Payer", "payer")


@shared
def viewer(employer):
    return place_at(employer, "Vera Viewer", "viewer")


@shared
def other_manager(other_employer):
    return place_at(other_employer, "Mo Manager", "manager")


@shared
def fund_iban(twente):
    return make_fund_iban(twente, "NL91ABNA0417164300")


def lotto(window, **form):
    """Six numbers of 45, drawn on the day after the window closes."""
    on = timezone.localdate(window.closes_at) + timedelta(days=1)
    return Draw("Lotto of 15 January 2027", on, **form)


def draw(round, *members, outcome="4 11 19 27 33 41"):
    """Two members enter the draw, apart."""
    for member in members:
        round = rounds.record_draw(round=round, member=member, outcome=outcome)
    return round


def adjust(round, request, *members, kind="give", reason="Lost all work after an accident."):
    """Two members give or withhold a request."""
    made = None
    for member in members:
        made = rounds.adjust(round=round, request=request, kind=kind, reason=reason, member=member)
    return made


def send_back(round, *members, question="Why not the other one?"):
    """Two members send the proposal back."""
    seen = round.proposal.sha256
    for member in members:
        round = rounds.send_back(round=round, sha256=seen, question=question, member=member)
    return round


def finish(round, *members):
    """Two members end a round."""
    for member in members:
        round = rounds.finish(round=round, member=member)
    return round


def cancel(round, *members, reason="The school closed."):
    """Two members call a round off."""
    for member in members:
        round = rounds.cancel(round=round, reason=reason, member=member)
    return round


@shared
def round_of_twente(twente, chair):
    """A draft of the board's, EUR 2,000 to divide; nobody outside the board sees it."""
    funds.open_fund(region=twente.region, name=twente.name)
    rule = policies.new_version(fund=twente, name="Rule", rules=policies.STANDARD, member=chair)
    window = make_window(twente, "2027-2", opens=10, closes=30)
    return rounds.draft(
        window=window,
        policy=rule,
        ceiling=Money(2_000, "EUR"),
        reserve=Money(500, "EUR"),
        draw=lotto(window),
        member=chair,
    )


@shared
def draft_of_worker(worker, window, forklift, forklift_in_march):
    """A draft with one choice, in an open window."""
    request = requests.draft(actor=worker.user, worker=worker, window=window)
    requests.choose(
        actor=worker.user, request=request, training=forklift, edition=forklift_in_march
    )
    return request


@shared
def mandate_of_adviser(worker, adviser):
    """The worker lets the adviser ask for training."""
    return mandates.give(
        actor=worker.user, worker=worker, adviser=adviser, scope="apply", given="web"
    )
