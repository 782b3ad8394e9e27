"""The back office opens to staff with a second factor, and nothing in it passes four eyes."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib import admin
from django.core import mail
from django.tasks import task
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Fund, Seat
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.limits.models import Counter
from budgetpool.portals.back_office.kinds import ConfigurationAdmin, ReadOnlyAdmin
from budgetpool.portals.back_office.site import BackOffice
from budgetpool.users.models import User
from tests.access.matrix import EVERYBODY
from tests.access.test_matrix import person_of
from tests.access.test_sign_in import ask_code, code_in_mail
from tests.cast import signed_in
from tests.trail import trail_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
STAFF = {"administrator", "superuser"}
# What an operator may change. Before a name is added here: can one person pass four eyes with it?
CONFIGURATION = {"fund.fund", "users.user"}
# What may be done to rows: neither changes what a job is about.
ACTIONS = {"jobs.job": {"stop", "ask_again"}}


@task
def nothing(job_id):
    """Something that a job may be about."""


def addresses():
    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        app, name = model._meta.app_label, model._meta.model_name
        pages += [reverse(f"admin:{app}_{name}_{page}") for page in ("changelist", "add")]
    return pages


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role not in STAFF])
def test_nobody_but_staff_enters_even_with_a_second_factor(role, request):
    browser = signed_in(person_of(request, role), second_factor=True)
    for address in addresses():
        answer = browser.get(address, follow=True)
        assert answer.status_code == 403, address


@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_without_a_second_factor_are_led_to_set_one_up(role, request):
    browser = signed_in(request.getfixturevalue(role))
    for address in addresses():
        answer = browser.get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("second-factor")), address


def test_a_visitor_is_led_to_the_only_sign_in_page(client):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("sign-in"))
    posted = client.post(reverse("admin:login"), {"username": "root@example.nl", "password": "x"})
    assert posted.status_code == 302


def test_only_the_listed_models_can_be_changed_and_none_can_be_deleted(
    superuser, rf: RequestFactory
):
    request = rf.get("/")
    request.user = superuser
    changeable = set()
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, ReadOnlyAdmin | ConfigurationAdmin)
        assert not model_admin.has_delete_permission(request)
        offered = set(model_admin.get_actions(request))
        assert offered == ACTIONS.get(model._meta.label_lower, set())
        if model_admin.has_change_permission(request) or model_admin.has_add_permission(request):
            changeable.add(model._meta.label_lower)
    assert changeable == CONFIGURATION


def test_no_secret_and_no_file_of_a_worker_can_be_looked_up():
    shown = {model._meta.label_lower for model in admin.site._registry}
    assert not {
        label for label in shown if label.startswith(("workers.", "mfa.", "socialaccount."))
    }


def test_a_list_registered_with_its_own_admin_is_read_only_all_the_same():
    site = BackOffice("other")
    site.register(Seat, type("Loose", (admin.ModelAdmin,), {"actions": ["delete_selected"]}))
    assert isinstance(site._registry[Seat], ReadOnlyAdmin)


def test_a_superuser_cannot_post_a_seat(superuser, twente):
    browser = signed_in(superuser, second_factor=True)
    answer = browser.post(
        reverse("admin:fund_seat_add"),
        {"user": superuser.pk, "region": twente.region.pk, "role": "board", "since": "2026-01-01"},
    )
    assert answer.status_code == 403
    assert not Seat.objects.exists()


def test_an_address_cannot_be_changed_into_ones_own(superuser, chair):
    browser = signed_in(superuser, second_factor=True)
    browser.post(
        reverse("admin:users_user_change", args=[chair.pk]),
        {"email": "root2@example.nl", "name": "Carla", "language": "nl", "is_active": "on"},
    )
    chair.refresh_from_db()
    assert (chair.email, chair.name) == ("carla.chair@example.nl", "Carla")
    assert [event.details["fields"] for event in trail_of(chair)] == [["name"]]


def test_an_administrator_sees_and_changes_the_fund_of_the_own_region_only(
    administrator, twente, drenthe
):
    browser = signed_in(administrator, second_factor=True)
    listed = browser.get(reverse("admin:fund_fund_changelist")).content.decode()
    assert "Scholingsfonds Twente" in listed
    assert "Scholingsfonds Drenthe" not in listed
    wanted = {
        "name": "Fonds",
        "contact_phone": "053 123 45 67",
        "contact_email": "",
        "consultation_days": "0",
    }
    own = browser.post(reverse("admin:fund_fund_change", args=[twente.pk]), wanted)
    assert own.status_code == 302
    assert Fund.objects.get(pk=twente.pk).contact_phone == "053 123 45 67"
    browser.post(reverse("admin:fund_fund_change", args=[drenthe.pk]), wanted)
    assert Fund.objects.get(pk=drenthe.pk).contact_phone == ""
    assert browser.get(reverse("admin:users_user_changelist")).status_code == 403


def test_an_app_with_codes_opens_the_back_office_from_beginning_to_end(superuser):
    """Sign in by mail, set up the app, then sign in again with both steps."""
    browser = Client()
    asked = ask_code(browser, superuser.email, next=reverse("admin:index"))
    led = browser.post(asked.url, {"code": code_in_mail()}, follow=True)
    assert led.redirect_chain[-1][0].startswith(reverse("second-factor"))
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    led = browser.post(reverse("mfa_activate_totp"), {"code": code})
    assert led.url == reverse("mfa_view_recovery_codes")
    stored = Authenticator.objects.get(user=superuser, type="totp").data
    assert secret not in str(stored)

    browser = Client()
    mail.outbox.clear()
    Counter.objects.all().delete()
    asked = ask_code(browser, superuser.email, next=reverse("admin:index"))
    second = browser.post(asked.url, {"code": code_in_mail()})
    assert second.url.startswith(reverse("mfa_authenticate"))
    assert browser.get(reverse("admin:index")).status_code == 302
    wrong = browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert browser.get(reverse("admin:index")).status_code == 200


def test_whoever_got_spare_codes_is_led_on():
    page = render_to_string("mfa/recovery_codes/index.html", {"unused_codes": ["1234"]})
    assert "1234" in page
    assert f'href="{reverse("second-factor")}"' in page


def test_no_person_can_be_made_a_superuser_in_the_back_office(superuser, stranger):
    browser = signed_in(superuser, second_factor=True)
    browser.post(
        reverse("admin:users_user_change", args=[stranger.pk]),
        {"name": "Sam", "language": "nl", "is_active": "on", "is_superuser": "on"},
    )
    assert not User.objects.get(pk=stranger.pk).is_superuser


class TestQueue:
    """The page of long work: seen, stopped and asked again by an operator, and by nobody else."""

    PAGE = "admin:jobs_job_changelist"

    @pytest.fixture
    def jobs(self, settings):
        settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
        made = {}
        for state in ("queued", "running", "failed", "done"):
            job = work.ask(key=f"test:{state}", task=nothing, lock="region:T", priority=5, kind=1)
            error = "OperationalError: away" if state == "failed" else ""
            Job.objects.filter(pk=job.pk).update(
                state=state, error=error, progress={"stage": "value"}
            )
            made[state] = job.pk
        return made

    def press(self, browser, action, keys):
        return browser.post(
            reverse(self.PAGE), {"action": action, "_selected_action": keys}, follow=True
        )

    def test_it_shows_how_far_each_is_and_why_one_failed(self, superuser, jobs):
        shown = signed_in(superuser, second_factor=True).get(reverse(self.PAGE)).content.decode()
        assert "OperationalError: away" in shown
        assert "stage: value" in shown

    def test_what_waits_or_runs_is_stopped_and_nothing_else(self, superuser, jobs):
        self.press(signed_in(superuser, second_factor=True), "stop", list(jobs.values()))
        rows = {job.key: job for job in Job.objects.all()}
        assert rows["test:queued"].state == "cancelled"
        assert rows["test:running"].cancel_asked_at
        assert (rows["test:failed"].state, rows["test:done"].state) == ("failed", "done")
        assert AuditEvent.objects.filter(action="job.stopped").count() == 2

    def test_what_failed_is_asked_again_as_it_was_and_once(self, superuser, jobs):
        browser = signed_in(superuser, second_factor=True)
        for _press in range(2):
            self.press(browser, "ask_again", list(jobs.values()))
        assert Job.objects.count() == len(jobs) + 1
        again = Job.objects.latest("pk")
        assert (again.key, again.attempt, again.state) == ("test:failed", 2, "queued")
        assert (again.lock, again.priority, again.arguments) == ("region:T", 5, {"kind": 1})
        assert AuditEvent.objects.filter(action="job.asked_again").count() == 1

    def test_an_administrator_of_a_region_neither_sees_nor_stops_it(self, administrator, jobs):
        browser = signed_in(administrator, second_factor=True)
        assert browser.get(reverse(self.PAGE)).status_code == 403
        self.press(browser, "stop", list(jobs.values()))
        assert Job.objects.get(pk=jobs["queued"]).state == "queued"
