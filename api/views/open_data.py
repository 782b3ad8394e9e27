"""What everybody may read: regions, rounds with their results, the register."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import public
from allocation.models import Round
from api.problems import Problem
from api.serializers import regions, register
from api.serializers.partner import StandingSerializer
from api.serializers.query import NoQuery, PageQuery, Query, TrainingQuery
from api.views.door import Door
from budgetpool.fund import standing
from budgetpool.fund.models import Fund, Region
from budgetpool.refusals import NotReady
from budgetpool.register.models import Edition, Provider, Training
from budgetpool.statements import Reading


class OpenData(Door):
    """Read by anyone, from any website; the query is checked before anything else."""

    is_open = True
    may_remember_tokens = ("GET", "HEAD")
    permission_classes = (AllowAny,)
    http_method_names = ["get", "head", "options"]
    query_class: type[Query] = NoQuery
    query: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            self.query = self.query_class.of(request)


@extend_schema_view(
    get=extend_schema(operation_id="listRegions", tags=["Regions"], parameters=[PageQuery])
)
class RegionList(OpenData, generics.ListAPIView[Region]):
    """Labour-market regions, by name."""

    query_class = PageQuery
    serializer_class = regions.RegionSerializer
    queryset = Region.objects.select_related("fund").order_by("name", "pk")


# In the order of the serializer's fields.
REGION: Final = Reading(
    lambda code: Region.objects.filter(code=code).values_list(
        "code", "name", "municipalities", "valid_from", "valid_until", "fund__name"
    ),
    code=str,
)


@extend_schema_view(get=extend_schema(operation_id="getRegion", tags=["Regions"]))
class RegionDetail(OpenData, generics.RetrieveAPIView[Region]):
    """One labour-market region."""

    serializer_class = regions.RegionSerializer
    queryset = Region.objects.select_related("fund")
    lookup_field = "code"
    lookup_url_kwarg = "regionCode"

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One labour-market region."""
        rows = REGION.rows(code=kwargs["regionCode"])
        if not rows:
            raise Http404
        return Response(dict(zip(regions.RegionSerializer.Meta.fields, rows[0], strict=True)))


@extend_schema_view(get=extend_schema(operation_id="getFund", tags=["Regions"]))
class FundDetail(OpenData, generics.RetrieveAPIView[Any]):
    """Where the money of a region's fund is now, as the public page shows it."""

    serializer_class = StandingSerializer
    queryset = Fund.objects.all()
    lookup_url_kwarg = "regionCode"

    def get_object(self) -> standing.Money:
        return standing.of(get_object_or_404(Fund, region__code=self.kwargs["regionCode"]))


@extend_schema_view(
    get=extend_schema(operation_id="listRounds", tags=["Rounds"], parameters=[PageQuery])
)
class RoundList(OpenData, generics.ListAPIView[Round]):
    """Rounds of a region that were opened, the newest first."""

    query_class = PageQuery
    serializer_class = regions.RoundSerializer
    queryset = Round.objects.none()

    def get_queryset(self) -> QuerySet[Round]:
        return public.rounds(get_object_or_404(Region, code=self.kwargs["regionCode"]))


def _round(key: int) -> Round:
    round: Round = get_object_or_404(Round.objects.select_related("fund__region"), pk=key)
    return get_object_or_404(public.rounds(round.fund.region), pk=key)


@extend_schema_view(get=extend_schema(operation_id="getRound", tags=["Rounds"]))
class RoundDetail(OpenData, generics.RetrieveAPIView[Round]):
    """One round."""

    serializer_class = regions.RoundSerializer
    queryset = Round.objects.all()
    lookup_url_kwarg = "roundId"

    def get_object(self) -> Round:
        return _round(self.kwargs["roundId"])


@extend_schema_view(get=extend_schema(operation_id="getRoundResults", tags=["Rounds"]))
class RoundResults(OpenData, generics.RetrieveAPIView[Any]):
    """The public results of a published round; before publication there are none."""

    serializer_class = regions.ResultsSerializer
    queryset = Round.objects.all()
    lookup_url_kwarg = "roundId"

    def get_object(self) -> dict[str, Any]:
        try:
            return _results(public.results(_round(self.kwargs["roundId"])))
        except NotReady:
            raise Problem(
                404, "not_published", _("The results of this round are not published yet.")
            ) from None


def _results(found: public.PublicResults) -> dict[str, Any]:
    numbers = found.numbers
    prints = found.fingerprints
    return {
        "roundId": found.round.pk,
        "requests": numbers["requests"],
        "people": numbers["people"],
        "spentCents": numbers["spent_cents"],
        "ceilingCents": numbers["ceiling_cents"],
        "adjustments": numbers["adjustments"],
        "objections": numbers["objections"],
        "objectionsUpheld": numbers["objections_upheld"],
        "coverage": [
            {"column": column, "groups": groups, "suppressed": found.suppressed.get(column, 0)}
            for column, groups in found.coverage.items()
        ],
        "otherRules": [
            {"rule": row["rule"], "people": row["people"], "spentCents": row["spent_cents"]}
            for row in found.baselines
        ],
        "fingerprints": {
            "codeSha256": prints["code_sha256"],
            "policySha256": prints["policy_sha256"],
            "snapshotSha256": prints["snapshot_sha256"],
            "outcomeSha256": prints["outcome_sha256"],
            "seed": prints["seed"],
        },
    }


@extend_schema_view(
    get=extend_schema(operation_id="listProviders", tags=["Register"], parameters=[PageQuery])
)
class ProviderList(OpenData, generics.ListAPIView[Provider]):
    """Training providers that were admitted, by name."""

    query_class = PageQuery
    serializer_class = register.ProviderSerializer
    queryset = Provider.objects.filter(status=Provider.Status.ADMITTED).order_by("name", "pk")


@extend_schema_view(get=extend_schema(operation_id="getProvider", tags=["Register"]))
class ProviderDetail(OpenData, generics.RetrieveAPIView[Provider]):
    """One training provider."""

    serializer_class = register.ProviderSerializer
    queryset = Provider.objects.all()
    lookup_url_kwarg = "providerId"


FILTERS = {
    "sector": "sector",
    "level": "level",
    "outcome": "outcome",
    "language": "language",
    "providerId": "provider",
    "title": "title__icontains",
}


@extend_schema_view(
    get=extend_schema(operation_id="listTrainings", tags=["Register"], parameters=[TrainingQuery])
)
class TrainingList(OpenData, generics.ListAPIView[Training]):
    """Trainings that can be asked for now, by title."""

    query_class = TrainingQuery
    serializer_class = register.TrainingSerializer
    queryset = Training.objects.select_related("provider").filter(
        is_open=True, provider__status=Provider.Status.ADMITTED
    )

    def get_queryset(self) -> QuerySet[Training]:
        wanted = {FILTERS[key]: value for key, value in self.query.items() if key in FILTERS}
        return super().get_queryset().filter(**wanted).order_by("title", "pk")


@extend_schema_view(get=extend_schema(operation_id="getTraining", tags=["Register"]))
class TrainingDetail(OpenData, generics.RetrieveAPIView[Training]):
    """One training."""

    serializer_class = register.TrainingSerializer
    queryset = Training.objects.select_related("provider")
    lookup_url_kwarg = "trainingId"


@extend_schema_view(
    get=extend_schema(operation_id="listEditions", tags=["Register"], parameters=[PageQuery])
)
class EditionList(OpenData, generics.ListAPIView[Edition]):
    """Editions of a training, by start."""

    query_class = PageQuery
    serializer_class = register.EditionSerializer
    queryset = Edition.objects.none()

    def get_queryset(self) -> QuerySet[Edition]:
        if not Training.objects.filter(pk=self.kwargs["trainingId"]).exists():
            raise Http404
        return Edition.objects.filter(training=self.kwargs["trainingId"]).order_by(
            "starts_on", "pk"
        )
