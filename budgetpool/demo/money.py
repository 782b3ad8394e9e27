"""The demo's money: a fund, employers who promised, and bank statements that are imported."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from schwifty import IBAN

from allocation.payouts import arriving
from budgetpool.bank import importing, links, opening, opening_shares, reconciling
from budgetpool.demo import cast, statement
from budgetpool.demo.employers import PAYERS
from budgetpool.fund import funds, regions
from budgetpool.fund.models import Fund, Region
from budgetpool.users.models import User
from employers import accounts
from employers.importing import ImportReport
from employers.models import Employer, EmployerIban, EmployerMember
from employers.models.employer import Role
from employers.models.pledge import Kind, Schedule
from employers.pledges import promising, requests

DATA: Final = Path(__file__).resolve().parent / "data"
REGION: Final = "Twente"
FUND_NAME: Final = "Scholingsfonds Twente (demo)"
MAIN_IBAN: Final = str(IBAN.generate("NL", bank_code="TRIO", account_code="0250904100"))
# The accounts of the statements from public test suites; the fund pretends that they are its own.
BORROWED_IBANS: Final = ("NL14SNSB0012345678", "NL78SNSB0022446688", "DE89370400440532013000")
FILES: Final = (
    "viafintech_valid_example_v4.xml",
    "nl_sns_newinn_a.xml",
    "nl_abnamro_newinn_test.xml",
    "bsp_camt053_multicurrency.xml",
)


@dataclass(frozen=True)
class Imported:
    """What became of one statement file."""

    name: str
    report: ImportReport


def open_fund() -> Fund:
    """The 35 regions, and the fund of Twente with its bank accounts."""
    regions.load_regions()
    region = Region.objects.get(name=REGION)
    fund = funds.open_fund(
        region=region,
        name=FUND_NAME,
        contact_phone="053 000 00 00",
        contact_email="fonds@demo.example",
        rule_name="Reglement Scholingsfonds Twente (demo)",
        rule_url="https://lokaleregelgeving.overheid.nl/CVDR631008",
    )
    funds.add_iban(fund=fund, iban=MAIN_IBAN, holder_name=FUND_NAME, is_main=True)
    for iban in BORROWED_IBANS:
        funds.add_iban(fund=fund, iban=iban, holder_name=FUND_NAME)
    cast.seat_everybody(fund)
    return fund


def promise(fund: Fund, *, today: date) -> list[statement.Payment]:
    """Let every invented employer promise and be asked; gives the payments that follow."""
    starts_on = today - timedelta(days=60)
    payments = []
    for number, payer in enumerate(PAYERS):
        employer, fresh = Employer.objects.get_or_create(
            kvk=payer.kvk,
            defaults={
                "name": payer.name,
                "sector": payer.sector,
                "is_agency": payer.is_agency,
                "municipality": "Enschede",
            },
        )
        iban = str(IBAN.generate("NL", bank_code="RABO", account_code=f"03{payer.kvk}"))
        if fresh:
            EmployerIban(employer=employer, iban=iban).save()
            promising.promise(
                employer=employer,
                fund=fund,
                by=_manager(employer, number),
                kind=Kind.FIXED,
                amount_cents=payer.promised * 100,
                schedule=Schedule.YEARLY,
                starts_on=starts_on,
            )
        payments.append((employer, iban, payer.promised * 100))
    requests.ask_due(fund=fund, day=starts_on)
    return [
        _payment(fund, employer, iban, cents, number, starts_on)
        for number, (employer, iban, cents) in enumerate(payments)
    ]


def import_statements(
    fund: Fund, payments: list[statement.Payment], *, day: date
) -> list[Imported]:
    """Import the statements from public test suites, and the one with the employers' payments."""
    sources = [importing.read_source(DATA / name) for name in FILES]
    own = statement.camt053(iban=MAIN_IBAN, holder=FUND_NAME, payments=payments, day=day)
    sources.append(importing.read_stream(BytesIO(own), name="demo-payments.xml"))
    return [
        Imported(source.name, arriving.take(source=source, fund=fund).report) for source in sources
    ]


def book_openings(fund: Fund) -> None:
    """Book what each account held before its first statement, and put it into the pool.

    Two people each time, as in real work.
    """
    treasurer, second = cast.account(cast.TREASURER), cast.account(cast.SECOND)
    for row in reconciling.of_fund(fund):
        if row.begins_cents == row.opening_cents:
            continue
        asked = opening.ask(
            account=row.account,
            amount_cents=row.begins_cents,
            starts_on=links.of(row.account).links[0].first_on,
            reason="Beginsaldo van het eerste afschrift",
            by=treasurer,
        )
        opening.approve(opening=asked, by=second)
    for opened in opening_shares.to_place(fund):
        share = opening_shares.ask(
            opening=opened,
            account=accounts.general_pool(fund),
            reason="Vrij besteedbaar volgens het bestuur",
            by=treasurer,
        )
        opening_shares.approve(share=share, by=second)


def _manager(employer: Employer, number: int) -> User:
    if number == 0:
        return cast.manage(employer)
    user = cast.account(
        cast.Person("employer", f"Beheer {employer.name}", f"beheer-{number}@demo.example"),
        password=None,
    )
    EmployerMember.objects.get_or_create(
        employer=employer, user=user, defaults={"role": Role.MANAGER}
    )
    return user


def _payment(
    fund: Fund, employer: Employer, iban: str, cents: int, number: int, starts_on: date
) -> statement.Payment:
    """Most pay under the reference; some type it into the description, one forgets it."""
    asked = employer.contributions.get(fund=fund)
    forgets = number == len(PAYERS) - 1
    return statement.Payment(
        name=employer.name,
        iban=_unknown_account(employer) if forgets else iban,
        amount_cents=cents,
        reference="bijdrage scholing" if forgets else asked.reference,
        paid_on=starts_on + timedelta(days=5 + number % 20),
        structured=number % 4 != 0 and not forgets,
    )


def _unknown_account(employer: Employer) -> str:
    """A second account of the employer that nobody told the fund about."""
    return str(IBAN.generate("NL", bank_code="INGB", account_code=f"03{employer.kvk}"))
