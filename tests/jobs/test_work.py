import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.tasks import task

from budgetpool.jobs import work
from budgetpool.jobs.models import Job

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
