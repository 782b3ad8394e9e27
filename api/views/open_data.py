"""What everybody may read: regions, rounds with their results, the register."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from allocation.decisions import public
from allocation.errors import NotReady
from allocation.models import Round
from api.serializers import regions, register
from api.serializers.query import NoQuery, PageQuery, Query, TrainingQuery
from budgetpool.fund.models import Region
from budgetpool.register.models import Edition, Provider, Training


class OpenData(APIView):
    """Read by anyone, from any website; the query is checked before anything else."""

    http_method_names = ["get", "head"]
    query_class: type[Query] = NoQuery
    query: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.query = self.query_class.of(request)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


@extend_schema_view(
    get=extend_schema(operation_id="listRegions", tags=["Regions"], parameters=[PageQuery])
)
class RegionList(OpenData, generics.ListAPIView):
    """Labour-market regions, by name."""

    query_class = PageQuery
    serializer_class = regions.RegionSerializer
    queryset = Region.objects.select_related("fund").order_by("name", "pk")


@extend_schema_view(get=extend_schema(operation_id="getRegion", tags=["Regions"]))
class RegionDetail(OpenData, generics.RetrieveAPIView):
    """One labour-market region."""

    serializer_class = regions.RegionSerializer
    queryset = Region.objects.select_related("fund")
    lookup_field = "code"
    lookup_url_kwarg = "regionCode"


@extend_schema_view(
    get=extend_schema(operation_id="listRounds", tags=["Rounds"], parameters=[PageQuery])
)
class RoundList(OpenData, generics.ListAPIView):
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
class RoundDetail(OpenData, generics.RetrieveAPIView):
    """One round."""

    serializer_class = regions.RoundSerializer
    queryset = Round.objects.all()
    lookup_url_kwarg = "roundId"

    def get_object(self) -> Round:
        return _round(self.kwargs["roundId"])


@extend_schema_view(get=extend_schema(operation_id="getRoundResults", tags=["Rounds"]))
class RoundResults(OpenData, generics.RetrieveAPIView):
    """The public results of a published round; before publication there are none."""

    serializer_class = regions.ResultsSerializer
    queryset = Round.objects.all()
    lookup_url_kwarg = "roundId"

    def get_object(self) -> dict[str, Any]:
        try:
            return _results(public.results(_round(self.kwargs["roundId"])))
        except NotReady:
            raise NotFound("The results of this round are not published yet.") from None


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
class ProviderList(OpenData, generics.ListAPIView):
    """Training providers that were admitted, by name."""

    query_class = PageQuery
    serializer_class = register.ProviderSerializer
    queryset = Provider.objects.filter(status=Provider.Status.ADMITTED).order_by("name", "pk")


@extend_schema_view(get=extend_schema(operation_id="getProvider", tags=["Register"]))
class ProviderDetail(OpenData, generics.RetrieveAPIView):
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
class TrainingList(OpenData, generics.ListAPIView):
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
class TrainingDetail(OpenData, generics.RetrieveAPIView):
    """One training."""

    serializer_class = register.TrainingSerializer
    queryset = Training.objects.select_related("provider")
    lookup_url_kwarg = "trainingId"


@extend_schema_view(
    get=extend_schema(operation_id="listEditions", tags=["Register"], parameters=[PageQuery])
)
class EditionList(OpenData, generics.ListAPIView):
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
