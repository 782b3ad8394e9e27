import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.tasks import task

from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.refusals import NotReady

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db

seen = []


@task
def double(job_id):
    with work.running(job_id) as job:
        if job:
            job.progress(stage="value", gap="0.01")
            seen.append(Job.objects.get(pk=job_id).progress)
            job.done(answer=2 * job.arguments["number"])


@task
def stumble(job_id):
    with work.running(job_id):
        raise ValueError("the seed is missing")


def test_a_job_shows_its_progress_and_its_result():
    seen.clear()
    work.ask(key="round:1:double", task=double, number=21)
    job = work.latest("round:1:double")
    assert seen == [{"stage": "value", "gap": "0.01"}]
    assert job.state == Job.State.DONE
    assert job.result == {"answer": 42}
    assert job.queued_at <= job.started_at <= job.finished_at


def test_a_job_that_fails_says_why_and_can_be_asked_again(caplog):
    work.ask(key="round:1:stumble", task=stumble)
    failed = work.latest("round:1:stumble")
    assert failed.state == Job.State.FAILED
    assert failed.error == "ValueError: the seed is missing"
    work.ask(key="round:1:stumble", task=double, number=1)
    again = work.latest("round:1:stumble")
    assert (again.attempt, again.state) == (2, Job.State.DONE)


def test_asking_twice_while_it_waits_gives_the_same_job():
    waiting = Job.objects.create(key="round:1:double", state=Job.State.RUNNING)
    assert work.ask(key="round:1:double", task=double, number=1) == waiting
    assert Job.objects.count() == 1


def test_a_finished_job_that_the_queue_hands_out_again_is_not_done_twice():
    work.ask(key="round:1:double", task=double, number=21)
    seen.clear()
    double.enqueue(job_id=work.latest("round:1:double").pk)
    assert seen == []


def test_the_database_keeps_one_job_per_key_at_a_time():
    Job.objects.create(key="round:1:double")
    with pytest.raises(IntegrityError, match=r"job_asked_once|key"), transaction.atomic():
        Job.objects.create(key="round:1:double", attempt=2)


def test_the_queue_of_the_real_settings_runs_in_a_worker_of_its_own(tmp_path, migrated_file):
    """The real backend, a real database file, a real worker process."""
    script = (
        "import django; django.setup()\n"
        "from budgetpool.jobs import work\n"
        "from tests.jobs.test_work import double\n"
        "work.ask(key='round:1:double', task=double, number=21)\n"
    )
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "1",
        "BUDGETPOOL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
        "PYTHONPATH": str(ROOT),
    }

    def run(*args):
        return subprocess.run(
            [sys.executable, *args],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )

    shutil.copyfile(migrated_file, tmp_path / "budgetpool.sqlite3")
    run("-c", script)
    run("manage.py", "ox_worker", "--batch")
    show = "j = work.latest('round:1:double'); print(j.state, j.result)"
    look = f"from budgetpool.jobs import work; {show}"
    shown = run("manage.py", "shell", "-v0", "-c", look)
    assert shown.stdout.strip() == "done {'answer': 42}"


@task
def patient(job_id):
    with work.running(job_id) as job:
        if job:
            work.cancel(job.row)
            while not job.cancelled.is_set():
                time.sleep(0.05)
            raise work.Cancelled


@task
def refused(job_id):
    with work.running(job_id):
        raise NotReady("name_taken", name="Ours")


def test_running_work_that_is_asked_to_stop_stops_and_can_be_asked_again():
    work.ask(key="round:1:patient", task=patient)
    stopped = work.latest("round:1:patient")
    assert (stopped.state, stopped.error) == (Job.State.CANCELLED, "")
    assert stopped.finished_at >= stopped.cancel_asked_at
    work.ask(key="round:1:patient", task=double, number=1)
    assert work.latest("round:1:patient").state == Job.State.DONE


def test_work_that_still_waits_is_cancelled_at_once_and_never_done():
    job = Job.objects.create(key="round:1:double", arguments={"number": 1})
    work.cancel(job)
    seen.clear()
    double.enqueue(job_id=job.pk)
    assert work.latest("round:1:double").state == Job.State.CANCELLED
    assert seen == []


def test_finished_work_cannot_be_cancelled_any_more():
    work.ask(key="round:1:double", task=double, number=1)
    work.cancel(work.latest("round:1:double"))
    assert work.latest("round:1:double").state == Job.State.DONE


def test_a_refusal_is_kept_with_its_code_so_that_a_page_can_word_it(caplog):
    work.ask(key="round:1:refused", task=refused)
    failed = work.latest("round:1:refused")
    assert failed.result == {"code": "name_taken", "params": {"name": "Ours"}}


def test_the_newest_job_of_each_kind_is_shown_the_last_one_first():
    Job.objects.create(key="round:1:a", state=Job.State.DONE)
    Job.objects.create(key="round:1:a", attempt=2)
    Job.objects.create(key="round:1:b")
    Job.objects.create(key="round:11:a")
    found = [(job.key, job.attempt) for job in work.latest_of("round:1:")]
    assert found == [("round:1:b", 1), ("round:1:a", 2)]
