import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from budgetpool.audit.models import AuditEvent
from budgetpool.fund import funds, iban, regions
from budgetpool.fund.models import Region

pytestmark = pytest.mark.django_db
HEADER = ",".join(regions.COLUMNS) + "\n"


def test_the_list_holds_the_35_regions_of_2015(capsys):
    call_command("load_regions")
    assert "35 regions added, 0 brought up to date." in capsys.readouterr().out
    assert Region.objects.count() == 35
    twente = Region.objects.get(name="Twente")
    assert (twente.code, twente.code_source, twente.slug) == ("BIJ3-09", "annex_3", "twente")
    assert len(twente.municipalities) == 14
    assert "Enschede" in twente.municipalities
    assert Region.objects.get(code="AM15").name == "Noord-Holland Noord"


def test_loading_twice_changes_nothing(capsys):
    call_command("load_regions")
    before = list(Region.objects.order_by("pk").values())
    call_command("load_regions")
    assert "0 regions added, 35 brought up to date." in capsys.readouterr().out
    assert list(Region.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\nX,Y\n", "line 1: add the column"),
        (HEADER + "X,cbs,Xstad,A,then,\n", "line 2"),
        (HEADER + "X,cbs,Xstad,A,2020,2019\n", "line 2"),
        (HEADER + "A,cbs,Astad,A,2020,\nX,made_up,Xstad,A,2020,\n", "line 3"),
        (HEADER + "X,cbs\n", "line 2"),
    ],
)
def test_a_bad_list_names_the_line_and_stores_nothing(tmp_path, text, message):
    path = tmp_path / "regions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        call_command("load_regions", path)
    assert Region.objects.count() == 0


def test_a_fund_opens_with_its_accounts_and_only_once(twente, treasurer):
    fund = funds.open_fund(region=twente.region, name="Another name", actor=treasurer)
    assert fund == twente
    assert sorted(twente.accounts.values_list("code", flat=True)) == [
        "costs",
        "pool",
        "suspense",
        "unexplained",
    ]


def test_each_bank_account_of_a_fund_has_its_own_ledger_account(twente, treasurer):
    first = funds.add_iban(
        fund=twente, iban="nl91 abna 0417 1643 00", holder_name="Fonds", actor=treasurer
    )
    second = funds.add_iban(
        fund=twente, iban="NL20INGB0001234567", holder_name="Fonds", is_main=True
    )
    assert funds.add_iban(fund=twente, iban="NL91ABNA0417164300", holder_name="x") == first
    first.refresh_from_db()
    assert (first.iban, first.bic, first.account.code) == (
        "NL91ABNA0417164300",
        "ABNANL2A",
        "bank",
    )
    assert second.account.code == "bank-2"
    assert (first.is_main, second.is_main) == (False, True)
    assert AuditEvent.objects.filter(action="fund.bank_account_added").count() == 2


def test_an_iban_of_another_fund_is_refused(twente, drenthe):
    funds.add_iban(fund=twente, iban="NL91ABNA0417164300", holder_name="Fonds")
    with pytest.raises(ValidationError):
        funds.add_iban(fund=drenthe, iban="NL91ABNA0417164300", holder_name="Fonds")
    assert not drenthe.accounts.filter(code="bank").exists()


@pytest.mark.parametrize("text", ["", "NL91ABNA0417164301", "NL91", "hello", "XX00 1234"])
def test_what_is_no_iban_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        iban.clean_iban(text)
    assert refused.value.code == "iban"


def test_an_iban_is_shown_in_groups_that_do_not_break():
    assert iban.spell_iban("NL91ABNA0417164300") == "NL91\u00a0ABNA\u00a00417\u00a01643\u00a000"
