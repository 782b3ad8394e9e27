"""The statements: few on a page, one consent for a sitting, and nothing kept without it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import signed_in
from workers.learning.statements import PARTS, STATEMENTS
from workers.models import Intake

pytestmark = pytest.mark.django_db
PAGE = "/my/learning/questions"


def test_a_page_has_few_buttons_and_the_parts_lead_on_to_what_helps(worker):
    browser = signed_in(worker.user)
    address, seen = PAGE, 0
    for part in PARTS:
        shown = browser.get(address).content.decode()
        assert shown.count('type="radio"') <= 25
        code = next(one.code for one in STATEMENTS if one.part == part)
        answer = {code: "no"} | ({} if seen else {"consent": "on"})
        address, seen = browser.post(address, answer).url, seen + 1
    assert address == reverse("worker:learning")
    assert set(Intake.objects.get().answers.values()) == {"no"}
    assert len(Intake.objects.get().answers) == len(PARTS)


def test_without_the_tick_nothing_is_kept_and_on_another_day_it_is_asked_again(worker):
    browser = signed_in(worker.user)
    browser.post(PAGE, {"work_changes": "no"})
    assert not Intake.objects.exists()
    browser.post(PAGE, {"work_changes": "no", "consent": "on"})
    Intake.objects.update(consent_at=timezone.now() - timedelta(hours=2))
    browser.post(f"{PAGE}?part=want", {"feel_like": "yes"})
    assert Intake.objects.get().answers == {"work_changes": "no"}
    browser.post(f"{PAGE}?part=want", {"feel_like": "yes", "consent": "on"})
    assert Intake.objects.get().answers == {"work_changes": "no", "feel_like": "yes"}


def test_an_answer_can_be_taken_out_again_and_a_part_that_is_none_is_not_there(worker):
    browser = signed_in(worker.user)
    browser.post(PAGE, {"work_changes": "no", "consent": "on"})
    browser.post(PAGE, {"work_changes": "", "where_help": "yes"})
    assert Intake.objects.get().answers == {"where_help": "yes"}
    assert browser.get(f"{PAGE}?part=nothing").status_code == 404
