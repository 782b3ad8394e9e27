"""The queries of addresses: every key is known, checked and documented."""

from functools import cache
from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.problems import InvalidQuery
from api.serializers.fields import SentMomentField
from budgetpool.register.codes import EducationLevel, Outcome, Sector, TeachingLanguage
from workers.models import TrainingRequest

LARGEST_KEY = 2**63 - 1


class Query(serializers.Serializer[Any]):
    """A query; a key that is not listed is most often a typing error, and one given twice says two
    things: both are errors."""

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """The checked values of a request's query.

        Raises:
            InvalidQuery: with every wrong, unknown or repeated key.
        """
        if not request.query_params:
            return {}
        query = _form(cls)
        errors: dict[str, Any] = {}
        values: dict[str, Any] = {}
        try:
            values = dict(query.run_validation(request.query_params.dict()))
        except serializers.ValidationError as error:
            errors |= cast(dict[str, Any], error.detail)
        for key in sorted(set(request.query_params) - set(query.fields)):
            known = ", ".join(sorted(query.fields)) or _("none")
            message = _("There is no such key here; known are: %(known)s.") % {"known": known}
            errors[key] = [ErrorDetail(message, "unknown")]
        for key, given in request.query_params.lists():
            if len(given) > 1:
                errors[key] = [ErrorDetail(_("This key was given more than once."), "repeated")]
        if errors:
            raise InvalidQuery(errors)
        return values


@cache
def _form(kind: type[Query]) -> Query:
    """One form of each kind for the life of a process: it keeps nothing of a request."""
    return kind()


class NoQuery(Query):
    """An address that takes no query."""


class PageQuery(Query):
    """Which page of a long list."""

    page = serializers.IntegerField(
        required=False, min_value=1, max_value=1_000_000, help_text="Number of the page, from 1."
    )
    pageSize = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="Items on a page; 20 unless given."
    )


class RequestQuery(PageQuery):
    """Which of your requests, in which order."""

    regionCode = serializers.CharField(required=False, max_length=10, help_text="Of this region.")
    window = serializers.CharField(
        required=False, max_length=30, help_text="Of the window with this code."
    )
    status = serializers.ChoiceField(
        required=False, choices=TrainingRequest.Status.choices, help_text="In this status."
    )
    reference = serializers.CharField(
        required=False, max_length=60, help_text="With this reference of yours."
    )
    hasDecision = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="With or without a decision."
    )
    changedSince = SentMomentField(
        required=False, help_text="Changed or decided at this moment or later."
    )
    sort = serializers.ChoiceField(
        required=False,
        choices=["id", "-id", "changedAt", "-changedAt", "submittedAt", "-submittedAt"],
        help_text="By what; with a minus from high to low. `-id` unless given.",
    )
    cursor = serializers.CharField(
        required=False,
        max_length=200,
        help_text="`*` for the first page, then `nextCursor` of the answer before: a list that "
        "changes meanwhile skips and repeats nothing. Not together with `page`.",
    )


class TrainingQuery(PageQuery):
    """Which trainings of the register."""

    sector = serializers.ChoiceField(
        required=False, choices=Sector.choices, help_text="Section of SBI 2008."
    )
    level = serializers.ChoiceField(
        required=False, choices=EducationLevel.choices, help_text="Level of the training."
    )
    outcome = serializers.ChoiceField(
        required=False, choices=Outcome.choices, help_text="What the training ends in."
    )
    language = serializers.ChoiceField(
        required=False, choices=TeachingLanguage.choices, help_text="Language of teaching."
    )
    providerId = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_KEY, help_text="Only of this provider."
    )
    title = serializers.CharField(
        required=False, max_length=100, help_text="Words that the title holds."
    )
