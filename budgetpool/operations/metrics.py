"""Counts for a monitor (Prometheus): how the work goes, without a name or an address in it.

They are read from the database when asked, so that they are the same whichever process answers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from allocation.payouts import queue
from budgetpool.fund.models import Fund
from budgetpool.jobs import keeper
from budgetpool.jobs.models import Job
from budgetpool.mail.models import Message
from budgetpool.portals.application.steps import STEP_OF
from workers.models import Choice, TrainingRequest, Worker
from workers.requests.gaps import NEEDED

LEFT_AFTER: Final = timedelta(days=2)
MINUTES: Final = (5, 10, 15, 20, 30, 60, 120, 24 * 60, 7 * 24 * 60)


@never_cache
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """All figures, in the text format of Prometheus; for who knows the token only."""
    expected = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not expected or not compare_digest(shown.encode(), expected.encode()):
        raise Http404("no metrics")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures:
    """What Prometheus calls a collector."""

    def collect(self) -> Iterator[Metric]:
        yield _requests()
        yield _drafts_left()
        yield _minutes_to_submit()
        yield from _messages()
        yield from _jobs()
        yield _deposits()


def _requests() -> Metric:
    figure = GaugeMetricFamily(
        "budgetpool_requests",
        "Training requests; helped: filed by an adviser or a partner.",
        labels=["status", "channel", "helped"],
    )
    rows: Counter[tuple[str, ...]] = Counter()
    kinds = TrainingRequest.objects.order_by().values_list(
        "status", "channel", "mandate", "filed_for_organisation"
    )
    for status, channel, mandate, partner, number in kinds.annotate(number=Count("pk")):
        rows[status, channel, "yes" if partner or mandate else "no"] += number
    _add(figure, rows)
    return figure


def _drafts_left() -> Metric:
    """Where people stop: the first question without an answer."""
    figure = GaugeMetricFamily(
        "budgetpool_drafts_left",
        "Drafts of open windows that nobody touched for two days, by question.",
        labels=["question"],
    )
    now = timezone.now()
    chosen = Exists(Choice.objects.filter(request=OuterRef("pk")))
    stops = (
        TrainingRequest.objects.filter(
            status=TrainingRequest.Status.DRAFT,
            saved_at__lt=now - LEFT_AFTER,
            window__opens_at__lte=now,
            window__closes_at__gt=now,
        )
        .order_by()
        .annotate(
            question=Case(
                *(When(_lacks(name), then=Value(STEP_OF[name])) for name in NEEDED),
                When(chosen, then=Value("summary")),
                default=Value("choices"),
            )
        )
        .values_list("question")
        .annotate(number=Count("pk"))
    )
    _add(figure, {(question,): number for question, number in stops})
    return figure


def _lacks(name: str) -> Q:
    """The worker gave no answer to this."""
    path = f"worker__{name}"
    lacks = Q(**{f"{path}__isnull": True})
    if isinstance(Worker._meta.get_field(name), CharField):
        lacks |= Q(**{path: ""})
    return lacks


def _minutes_to_submit() -> Metric:
    """Counted by the database: a country's requests never come here."""
    within = {
        f"within_{most}": Count(
            "pk", filter=Q(submitted_at__lte=F("created_at") + timedelta(minutes=most))
        )
        for most in MINUTES
    }
    sent = TrainingRequest.objects.filter(submitted_at__isnull=False)
    spent = ExpressionWrapper(F("submitted_at") - F("created_at"), DurationField())
    found = sent.aggregate(all=Count("pk"), sum=Sum(spent), **within)
    buckets = [(str(float(most)), found[f"within_{most}"]) for most in MINUTES]
    return HistogramMetricFamily(
        "budgetpool_minutes_to_submit",
        "Minutes between the first answer of a request and its sending.",
        buckets=[*buckets, ("+Inf", found["all"])],
        sum_value=max(0.0, found["sum"].total_seconds() / 60) if found["sum"] else 0.0,
    )


def _messages() -> Iterable[Metric]:
    figure = GaugeMetricFamily(
        "budgetpool_messages", "Messages to people.", labels=["state", "channel"]
    )
    kinds = Message.objects.order_by().values_list("state", "channel")
    for state, channel, number in kinds.annotate(number=Count("pk")):
        figure.add_metric([state, channel], number)
    yield figure
    now = timezone.now()
    waiting = Message.objects.filter(state=Message.State.QUEUED, due_at__lte=now)
    oldest = waiting.aggregate(oldest=Min(F("due_at")))["oldest"]
    yield GaugeMetricFamily(
        "budgetpool_message_waits_seconds",
        "How long the oldest message that is due waits.",
        value=(now - oldest).total_seconds() if oldest else 0,
    )


def _jobs() -> Iterable[Metric]:
    figure = GaugeMetricFamily("budgetpool_jobs", "Long work.", labels=["state"])
    rows = Job.objects.order_by().values_list("state").annotate(number=Count("pk"))
    _add(figure, {(state,): number for state, number in rows})
    yield figure
    yield GaugeMetricFamily(
        "budgetpool_watch_age_seconds",
        "How long ago a worker last looked for lost work and for what is due at night.",
        value=keeper.seconds_since_watch() or 0,
    )


def _deposits() -> Metric:
    figure = GaugeMetricFamily(
        "budgetpool_deposits_unrecognised",
        "Deposits that wait at the treasurer's desk.",
        labels=["region"],
    )
    funds = Fund.objects.select_related("region")
    _add(figure, {(fund.region.slug,): queue.deposits_to_explain(fund).count() for fund in funds})
    return figure


def _add(figure: GaugeMetricFamily, rows: Mapping[tuple[str, ...], int]) -> None:
    for labels, number in sorted(rows.items()):
        figure.add_metric(list(labels), number)
