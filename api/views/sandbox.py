"""The sandbox: what is in it, and its clock."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.models import Round
from api import idempotency
from api.sandbox import clock, magic, world
from api.serializers import sandbox as serializers
from api.views.requests import KEY, ForPartners
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.refusals import NotReady
from budgetpool.register.models import Edition
from workers.models import Window

TAGS = ["Sandbox"]


class _OfSandbox(ForPartners):
    """For a sandbox's own program; for every other there is none."""

    def state(self) -> dict[str, Any]:
        if not self.caller.partner.is_sandbox:
            raise Http404
        try:
            fund = world.fund_of_sandbox()
        except NotReady:
            raise Http404 from None
        job = work.latest(clock.KEY)
        editions = Edition.objects.filter(training__provider__kvk=world.SCHOOL_KVK)
        return {
            "regionCode": fund.region.code,
            "municipality": world.MUNICIPALITY,
            "window": Window.objects.filter(fund=fund).latest("pk").code,
            "rounds": [
                {"id": round.pk, "code": round.code, "status": round.status}
                for round in Round.objects.filter(fund=fund).order_by("-pk")[:10]
            ],
            "editions": [
                {"trainingId": one.training_id, "editionId": one.pk}
                for one in editions.order_by("pk")[:10]
            ],
            "magicReferences": [
                *(f"{magic.PREFIX}{code}" for code in magic.REFUSALS),
                magic.GIVE,
                magic.WITHHOLD,
            ],
            "clock": _clock(job),
        }


def _clock(job: Job | None) -> dict[str, Any]:
    if job is None:
        return {"state": "still", "published": None, "opened": None, "code": ""}
    return {
        "state": job.state,
        "published": job.result.get("published"),
        "opened": job.result.get("opened"),
        "code": job.result.get("code", ""),
    }


@extend_schema_view(
    get=extend_schema(
        operation_id="getSandbox", tags=TAGS, responses={200: serializers.SandboxSerializer}
    )
)
class SandboxDetail(_OfSandbox):
    """What a sandbox holds."""

    scopes = {"GET": "sandbox"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the sandbox holds, and how far its clock is."""
        return Response(self.state())


@extend_schema_view(
    post=extend_schema(
        operation_id="advanceClock",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.NothingSerializer,
        responses={202: serializers.SandboxSerializer},
    )
)
class SandboxClock(_OfSandbox):
    """The clock of the sandbox."""

    scopes = {"POST": "sandbox"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Accept the proofs and pay the invoices that wait; publish the round, open the next one.

        It is done within a minute; `clock.state` of the sandbox says when.
        """
        return idempotency.once(request=request, partner=self.caller.partner, act=self.advance)

    def advance(self) -> Response:
        body = serializers.NothingSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        self.state()
        clock.advance()
        headers = {"Location": reverse("api:sandbox")}
        return Response(self.state(), status=202, headers=headers)
