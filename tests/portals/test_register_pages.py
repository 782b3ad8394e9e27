"""The board reads the register: trainings, what they cost since when, and who said so."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from budgetpool.audit.models import AuditEvent
from budgetpool.register import prices
from budgetpool.register.models import ProviderSeat, Training
from tests.cast import make_person, signed_in

pytestmark = pytest.mark.django_db
REGISTER = "/board/twente/register"


@pytest.fixture
def desk(chair):
    return signed_in(chair)


def lines(page):
    return page.content.decode().split("<tbody")[1].split("</tbody")[0].count("rowheader")


def another(training, **facts):
    row = Training.objects.get(pk=training.pk)
    row.pk = None
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def test_a_training_is_found_by_its_words_its_school_and_its_number(twente, welding, desk):
    another(welding, title="Glas in lood", is_open=False)
    assert lines(desk.get(REGISTER)) == 2
    for words in ("glas", "GLAS IN"):
        assert lines(desk.get(REGISTER, {"words": words})) == 1
    for words in (welding.provider.kvk, welding.provider.name[:5]):
        assert lines(desk.get(REGISTER, {"words": words})) == 2
    assert lines(desk.get(REGISTER, {"state": "closed"})) == 1
    assert lines(desk.get(REGISTER, {"words": "nobody teaches this"})) == 0
    sheet = desk.get(REGISTER, {"format": "csv", "state": "closed"}).content.decode("utf-8-sig")
    assert [row.split(";")[0] for row in sheet.splitlines()[1:]] == ["Glas in lood"]
    assert AuditEvent.objects.get(action="list.exported").details["list"] == "register"


def test_each_price_says_since_when_and_by_whom(twente, welding, desk):
    doris = make_person("Doris Docent")
    ProviderSeat.objects.create(user=doris, provider=welding.provider)
    page = f"{REGISTER}/{welding.pk}"
    assert f'href="{REGISTER}"' in desk.get("/board/twente/unmet-demand").content.decode()
    assert "De prijs veranderde nooit" in desk.get(page).content.decode()
    lower = Money(welding.price.amount - 1, "EUR")
    day = timezone.localdate() + timedelta(days=5)
    prices.announce(training=welding, price=lower, valid_from=day, actor=doris)
    shown = desk.get(page)
    assert lines(shown) == 2, "the price of before, and the one that is announced"
    assert shown.content.decode().count("Doris Docent") == 1
    assert desk.get(f"{REGISTER}/{welding.pk + 999}").status_code == 404


def test_a_longer_register_asks_the_database_no_more(twente, welding, desk):
    counts = set()
    for number in range(4):
        another(welding, title=f"Course {number}")
        desk.get(REGISTER)
        with CaptureQueriesContext(connection) as asked:
            desk.get(REGISTER)
        counts.add(len(asked))
    assert len(counts) == 1
