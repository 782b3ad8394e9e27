"""What an employer's program does: see what was promised, what is asked, and what came in."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from api import employers
from api.serializers import contributions as serializers
from api.serializers.query import PageQuery
from api.views.requests import ForPartners
from employers import payment
from employers.models import Contribution, Pledge

TAGS = ["Employers"]
READS = {"GET": "contributions:read"}
VERBS = ["get", "head", "options"]


@extend_schema_view(
    get=extend_schema(operation_id="listPledges", tags=TAGS, parameters=[PageQuery])
)
class PledgeList(ForPartners, generics.ListAPIView[Pledge]):
    """What your organisation promised the funds of your regions, the newest first."""

    scopes = READS
    http_method_names = VERBS
    serializer_class = serializers.PledgeSerializer
    query_class = PageQuery
    queryset = Pledge.objects.none()

    def get_queryset(self) -> QuerySet[Pledge]:  # type: ignore[override]
        return employers.promised(self.caller, employers.of(self.caller))


@extend_schema_view(
    get=extend_schema(
        operation_id="listContributions", tags=TAGS, parameters=[serializers.ContributionQuery]
    )
)
class ContributionList(ForPartners, generics.ListAPIView[Contribution]):
    """What the funds of your regions asked your organisation to pay, the newest first."""

    scopes = READS
    http_method_names = VERBS
    serializer_class = serializers.ContributionSerializer
    query_class = serializers.ContributionQuery
    queryset = Contribution.objects.none()

    def get_queryset(self) -> QuerySet[Contribution]:  # type: ignore[override]
        found: Any = employers.asked(self.caller, employers.of(self.caller))
        if "regionCode" in self.query:
            found = found.filter(fund__region__code=self.query["regionCode"])
        if "reference" in self.query:
            found = found.filter(reference=self.query["reference"].replace(" ", ""))
        if "isOpen" in self.query:
            still = found.filter(withdrawn_at=None, paid_cents__lt=F("amount_cents"))
            found = still if self.query["isOpen"] else found.exclude(pk__in=still.values("pk"))
        return found  # type: ignore[no-any-return]


@extend_schema_view(
    get=extend_schema(
        operation_id="getContribution",
        tags=TAGS,
        responses={200: serializers.OneContributionSerializer},
    )
)
class ContributionDetail(ForPartners):
    """One request of a fund to your organisation."""

    scopes = READS
    http_method_names = VERBS

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One request, with what came in for it and how to pay the rest."""
        employer = employers.of(self.caller)
        found: Any = (
            employers.asked(self.caller, employer).filter(pk=kwargs["contributionId"]).first()
        )
        if found is None:
            raise Http404
        open_cents = found.amount_cents - found.paid_cents
        found.deposits = employers.paid(employer, found)
        found.to_pay = None
        if open_cents > 0 and found.withdrawn_at is None:
            found.to_pay = payment.details(found, open_cents=open_cents)
        return Response(serializers.OneContributionSerializer(found).data)
