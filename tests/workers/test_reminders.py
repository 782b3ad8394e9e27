"""Reminders come in business days, once, and only to whom they concern."""

import json
from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone

from allocation.models import Award
from budgetpool.mail.models import Message
from tests.allocation.conftest import *  # noqa: F403
from tests.refusing import refuses
from tests.sharing import shared
from workers import follow_ups, reminders
from workers.models import FollowUp


def test_a_draft_is_remembered_three_business_days_before_the_window_closes(
    draft_of_worker, window
):
    closes = timezone.localdate(window.closes_at)
    early = closes - timedelta(days=8)
    assert reminders.remind_of_drafts(today=early) == 0
    late = next(
        day
        for day in (early + timedelta(days=n) for n in range(9))
        if reminders.business_days_after(day, 3) >= closes
    )
    assert reminders.remind_of_drafts(today=late) == 1
    reminders.remind_of_drafts(today=late + timedelta(days=1))
    assert Message.objects.filter(kind="request_reopened_reminder").count() == 1


def test_business_days_skip_the_weekend():
    assert reminders.business_days_after(date(2027, 1, 29), 3) == date(2027, 2, 3)


def test_the_nightly_command_reminds_of_an_answer_once(published, capsys):
    Award.objects.update(accept_by=timezone.localdate() + timedelta(days=4))
    call_command("send_reminders", "--json")
    call_command("send_reminders", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["answers"] == 3
    assert Message.objects.filter(kind="award_accept_reminder").count() == 3


@shared
def finished(published):
    award = Award.objects.order_by("pk").first()
    Award.objects.filter(pk=award.pk).update(
        status="completed", completed_at=timezone.now() - timedelta(days=92)
    )
    return award


def test_three_six_and_twelve_months_after_the_training_two_questions_follow(finished):
    call_command("send_reminders", "--json")
    call_command("send_reminders", "--json")
    asked = FollowUp.objects.filter(request=finished.request)
    assert [one.months for one in asked.order_by("months")] == [3, 6, 12]
    assert Message.objects.filter(kind="follow_up").count() == 1
    first = follow_ups.waiting(finished.request.worker).get()
    user = finished.request.worker.user
    follow_ups.answer(actor=user, asked=first, has_work=True, contract="permanent")
    with refuses("wrong_state"):
        follow_ups.answer(actor=user, asked=first, has_work=False)
    assert not follow_ups.waiting(finished.request.worker).exists()
