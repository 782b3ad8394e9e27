"""What a school's program does: see who comes, tell the start and the lessons."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import attending, places, starting
from allocation.models import AttendanceWeek, Award
from api import idempotency, schools
from api.serializers import invoices as serializers
from api.serializers import proofs
from api.serializers.query import PageQuery
from api.views.requests import KEY, ForPartners

TAGS = ["Schools"]


class ForSchools(ForPartners):
    """Shows and touches only the people and invoices of the caller's own school."""

    def of_person(self) -> Award:
        """The award of the address, if the school may see whose it is; a look in the trail."""
        school = schools.of(self.caller)
        found = schools.awards(self.caller, school).filter(request=self.kwargs["requestId"]).first()
        if found is None:
            raise Http404
        award: Award = found
        places.look(awards=[award], actor=self.caller.partner.account)
        return award

    def once(self, act: Callable[[], Response]) -> Response:
        return idempotency.once(request=self.request, partner=self.caller.partner, act=act)


@extend_schema_view(
    get=extend_schema(operation_id="listSchoolAwards", tags=TAGS, parameters=[PageQuery])
)
class SchoolAwardList(ForSchools, generics.ListAPIView[Award]):
    """People with a place at your school who let you know who they are, the newest first."""

    scopes = {"GET": "school:read"}
    http_method_names = ["get", "head", "options"]
    serializer_class = serializers.SchoolAwardSerializer
    query_class = PageQuery
    queryset = Award.objects.none()

    def get_queryset(self) -> QuerySet[Award]:  # type: ignore[override]
        return schools.awards(self.caller, schools.of(self.caller))

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        places.look(awards=page or [], actor=self.caller.partner.account)
        return page


@extend_schema_view(
    get=extend_schema(
        operation_id="getSchoolAward",
        tags=TAGS,
        responses={200: serializers.SchoolAwardSerializer},
    )
)
class SchoolAwardDetail(ForSchools):
    """One person with a place at your school."""

    scopes = {"GET": "school:read"}
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One person with a place at your school; 404 where they did not let you know."""
        return Response(serializers.SchoolAwardSerializer(self.of_person()).data)


@extend_schema_view(
    post=extend_schema(
        operation_id="tellSchoolStart",
        tags=TAGS,
        parameters=[KEY],
        request=proofs.StartSerializer,
        responses={201: proofs.SentStartSerializer},
    )
)
class SchoolStart(ForSchools):
    """The day of somebody's first lesson."""

    scopes = {"POST": "school:write"}
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell on which day somebody had the first lesson."""
        return self.once(self.begin)

    def begin(self) -> Response:
        award = self.of_person()
        body = proofs.StartSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        begun = starting.begin(
            award=award,
            actor=self.caller.partner.account,
            school=schools.of(self.caller),
            started_on=body.validated_data["started_on"],
        )
        data = proofs.SentStartSerializer(begun).data
        return Response(data, status=201, headers={"Location": self.request.path})


@extend_schema_view(
    get=extend_schema(
        operation_id="getAttendance", tags=TAGS, responses={200: serializers.ProgressSerializer}
    ),
    post=extend_schema(
        operation_id="tellAttendance",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.AttendanceSerializer,
        responses={201: serializers.WeekSerializer},
    ),
)
class Attendance(ForSchools):
    """At how many lessons of each week somebody was."""

    scopes = {"GET": "school:read", "POST": "school:write"}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """At how many lessons somebody was, by week."""
        award = self.of_person()
        weeks = AttendanceWeek.objects.filter(award=award).order_by("week_on")
        progress = {"percent": attending.percent(award), "items": weeks}
        return Response(serializers.ProgressSerializer(progress).data)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell the lessons of one week; said again, they take the place of what was said before."""
        return self.once(self.write)

    def write(self) -> Response:
        award = self.of_person()
        body = serializers.AttendanceSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        week = attending.write(
            award=award,
            actor=self.caller.partner.account,
            school=schools.of(self.caller),
            **body.validated_data,
        )
        data = serializers.WeekSerializer(week).data
        return Response(data, status=201, headers={"Location": self.request.path})
