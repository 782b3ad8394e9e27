"""Traces of sign-ins, sessions and programs go after their term, and the log proves it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from oauth2_provider.models import AccessToken

from api.models import Partner, StoredAnswer, UsedAssertion
from api.oauth import clients
from budgetpool.limits.models import Counter
from budgetpool.operations import traces
from budgetpool.users.models import SignInLink
from tests.cast import make_person
from workers.data.destroying import keys_sha256
from workers.models import Destruction, UnmetSearch

pytestmark = pytest.mark.django_db
OLD = timedelta(days=32)


@pytest.fixture
def left_behind(twente):
    """One trace of each kind that is past its time, and one that is not."""
    now = timezone.now()
    partner = Partner.objects.create(
        name="Flexbureau", account=make_person("Flip Flex"), kvk="90000001"
    )
    client = clients.open_client(partner=partner)
    for number, age in enumerate((OLD, timedelta(0))):
        StoredAnswer.objects.create(partner=partner, key=f"key-{number}", made_at=now - age)
        Session.objects.create(
            session_key=f"session{number}", expire_date=now + timedelta(days=1) - age
        )
        Counter.objects.create(
            key=f"codes:{number}",
            started_at=now - timedelta(hours=1) - age,
            count=3,
            ends_at=now + timedelta(minutes=1) - age,
        )
        AccessToken.objects.create(
            token=f"token-{number}", application=client.application, expires=now - age
        )
        UsedAssertion.objects.create(client=client, jti=f"jti-{number}", expires_at=now - age)
        # Two years and a month, or now.
        UnmetSearch.objects.create(fund=twente, month=(now - 24 * age).date(), words="hovenier")
        SignInLink.objects.create(
            user=partner.account,
            email="flip@example.nl",
            secret_sha256=str(number),
            made_at=now - age,
        )
    return {
        "sign_in_links": SignInLink,
        "sessions": Session,
        "counters": Counter,
        "repeated_answers": StoredAnswer,
        "access_tokens": AccessToken,
        "used_assertions": UsedAssertion,
        "unmet_searches": UnmetSearch,
    }


def nightly(*options):
    out = StringIO()
    call_command("forget_traces", *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_night_what_is_past_its_term_goes_and_the_rest_stays(left_behind):
    assert nightly() == dict.fromkeys(left_behind, 1)
    assert {code: model.objects.count() for code, model in left_behind.items()} == dict.fromkeys(
        left_behind, 1
    )
    assert nightly() == dict.fromkeys(left_behind, 0)


def test_the_log_proves_which_rows_went_and_holds_none_of_them(left_behind):
    gone = StoredAnswer.objects.get(key="key-0").pk
    nightly()
    line = Destruction.objects.get(category="repeated_answers")
    assert (line.count, line.keys_sha256) == (1, keys_sha256("repeated_answers", [gone]))
    assert "kept 30 days" in line.rule


def test_a_dry_run_counts_and_keeps_everything(left_behind):
    assert nightly("--dry-run") == dict.fromkeys(left_behind, 1)
    assert all(model.objects.count() == 2 for model in left_behind.values())
    assert not Destruction.objects.exists()


def test_the_terms_are_data_each_with_purpose_and_ground():
    assert {category.code: category.days for category in traces.TRACES} == {
        "sessions": 0,
        "sign_in_links": 0,
        "counters": 0,
        "repeated_answers": 30,
        "access_tokens": 0,
        "used_assertions": 0,
        "unmet_searches": 730,
    }
    assert all(category.purpose and category.ground for category in traces.TRACES)
