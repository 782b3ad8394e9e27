"""Work that nobody does any more; work that two would do; work that comes back every night."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import get_commands
from django.db import OperationalError, connection
from django.tasks import task
from django.utils import timezone
from django_ox.models import OxTask

from budgetpool.jobs import calendar, keeper, locks, rescue, work
from budgetpool.jobs.engines import procrastinate
from budgetpool.jobs.models import Job, Turn

pytestmark = pytest.mark.django_db


@task
def busy(job_id):
    with work.running(job_id) as job:
        if job:
            job.done(starts=job.row.starts)


@task
def unlucky(job_id):
    with work.running(job_id) as job:
        if job:
            raise OperationalError("the database went away")


@task
def overtaken(job_id):
    with work.running(job_id) as job:
        Job.objects.filter(pk=job_id).update(starts=7)  # another worker began it again
        job.progress(stage="late")
        job.done(answer="late")


@pytest.fixture(autouse=True)
def queue(settings):
    """The embedded engine; nobody works but the test."""
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def asked(**more):
    return work.ask(key="round:1:busy", task=busy, **more)


def offers():
    return OxTask.objects.count()


def test_a_job_whose_worker_died_is_asked_for_again():
    job = asked()
    Job.objects.update(state=Job.State.RUNNING, starts=1)
    assert rescue.look() == 1
    job.refresh_from_db()
    assert (job.state, offers()) == (Job.State.QUEUED, 2)


def test_a_job_whose_worker_died_after_somebody_asked_to_stop_is_cancelled():
    job = asked()
    Job.objects.update(state=Job.State.RUNNING, cancel_asked_at=timezone.now())
    assert rescue.look() == 1
    job.refresh_from_db()
    assert (job.state, offers()) == (Job.State.CANCELLED, 1)


def test_a_job_that_takes_every_worker_down_is_not_tried_for_ever():
    job = asked()
    Job.objects.update(state=Job.State.RUNNING, starts=rescue.MOST_STARTS)
    assert rescue.look() == 1
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error == "Begun 20 times, never finished."


def test_a_job_that_the_queue_forgot_is_offered_again():
    asked()
    OxTask.objects.all().delete()
    assert rescue.look() == 0, "it may be on its way"
    Job.objects.update(offered_at=timezone.now() - timedelta(minutes=1))
    assert rescue.look() == 1
    assert offers() == 1


def test_what_another_worker_began_again_is_not_overwritten(caplog):
    job = asked()
    overtaken.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == (Job.State.RUNNING, {}, {})
    assert "begun again by another worker" in caplog.text


def test_what_may_pass_is_tried_again_with_longer_waits_and_then_fails(caplog):
    job = work.ask(key="round:1:unlucky", task=unlucky)
    waits = []
    for _ in range(work.MOST_TRIES):
        unlucky.call(job.pk)
        newest = OxTask.objects.order_by("-enqueued_at").first()
        waits.append(newest.run_after and round((newest.run_after - newest.enqueued_at).seconds))
    assert offers() == work.MOST_TRIES
    assert waits[:4] == [5, 10, 20, 40] or waits[:4] == [4, 9, 19, 39]
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error == "OperationalError: the database went away"


def test_the_highest_priority_stands_in_the_queue():
    asked(priority=10)
    assert OxTask.objects.get().priority == 10


def test_a_job_is_done_once_although_the_queue_hands_it_out_twice():
    job = asked()
    busy.call(job.pk)
    busy.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.starts) == (Job.State.DONE, 1)


HOLD = """
import sys, time
import django; django.setup()
from budgetpool.jobs import locks
with locks.held("region:A") as ours:
    print(ours, flush=True)
    time.sleep(60)
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_lock_is_held_by_one_session_and_freed_when_it_ends():
    with locks.held("region:A", "region:B") as ours:
        assert ours
        with locks.held("region:A") as also:
            assert not also
        with locks.held("region:C") as other:
            assert other
    with locks.held("region:A") as again:
        assert again


@pytest.mark.any_database
def test_a_locked_file_is_free_as_soon_as_its_process_is_killed(tmp_path):
    environment = {
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-" * 5,
        "BUDGETPOOL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
    }

    def holder():
        return subprocess.Popen(
            [sys.executable, "-c", HOLD], env=environment, stdout=subprocess.PIPE, text=True
        )

    with holder() as first, holder() as second:
        said = {first.stdout.readline(), second.stdout.readline()}
        first.kill()
        second.kill()
        first.wait()
    assert said == {"True\n", "False\n"}
    with holder() as third:
        assert third.stdout.readline() == "True\n"
        third.kill()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_job_whose_lock_is_held_waits_and_is_not_begun():
    job = asked(lock="region:A")
    with locks.held("region:A"):
        busy.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.starts, offers()) == (Job.State.QUEUED, 0, 2)
    busy.call(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_job_that_runs_is_left_to_its_worker():
    job = asked()
    Job.objects.update(state=Job.State.RUNNING)
    with locks.held(work.lock_of(job.pk)):
        assert rescue.look() == 0


@pytest.mark.parametrize("arguments", ['{"job_id": 7}', {"job_id": 7}], ids=["text", "as it was"])
def test_what_a_dead_worker_of_the_other_engine_held_is_found_by_its_job(arguments):
    held = SimpleNamespace(task_kwargs=arguments)
    assert procrastinate._job_of(held) == 7


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_keepers_one_looks():
    looks = []
    with locks.held(keeper.WATCH):
        assert not keeper.look()
    threads = [threading.Thread(target=_look, args=[looks]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert True in looks


def _look(looks):
    try:
        looks.append(keeper.look())
    finally:
        connection.close()


class TestCalendar:
    NIGHT = datetime(2027, 1, 15, 2, 30, tzinfo=UTC)  # half past three in Amsterdam

    @pytest.fixture(autouse=True)
    def one_command(self, settings):
        settings.NIGHTLY = [("03:00", "check_ledger")]

    def turn(self, at):
        Turn.objects.update_or_create(name="nightly:check_ledger", defaults={"at": at})

    def test_a_new_installation_begins_with_its_next_night(self):
        assert calendar.ask_for_what_is_due(self.NIGHT) == []
        assert Turn.objects.get().name == "nightly:check_ledger"

    def test_it_is_asked_once_a_night(self):
        self.turn(self.NIGHT - timedelta(days=1))
        assert calendar.ask_for_what_is_due(self.NIGHT) == ["check_ledger"]
        job = work.latest("nightly:check_ledger")
        assert (job.priority, job.arguments) == (-10, {"command": "check_ledger"})
        assert calendar.ask_for_what_is_due(self.NIGHT) == []

    def test_before_its_time_nothing_is_asked(self):
        self.turn(self.NIGHT - timedelta(hours=20))
        assert calendar.ask_for_what_is_due(self.NIGHT - timedelta(hours=1)) == []

    def test_a_night_without_a_worker_is_made_up_for(self):
        self.turn(self.NIGHT - timedelta(days=3))
        late = self.NIGHT + timedelta(hours=9)
        assert calendar.ask_for_what_is_due(late) == ["check_ledger"]
        assert calendar.ask_for_what_is_due(late) == []

    def test_the_command_is_run_and_its_words_are_kept(self):
        self.turn(self.NIGHT - timedelta(days=1))
        calendar.ask_for_what_is_due(self.NIGHT)
        job = work.latest("nightly:check_ledger")
        calendar.nightly.call(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
        assert job.result["said"]


def test_every_nightly_command_exists(settings):
    names = [entry[1].split()[0] for entry in settings.NIGHTLY]
    assert set(names) <= set(get_commands())
    assert {"lapse_awards", "send_reminders", "destroy_old_data", "backup"} <= set(names)
