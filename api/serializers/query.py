"""The queries of addresses: every key is known, checked and documented."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.problems import InvalidQuery
from budgetpool.register.codes import EducationLevel, Outcome, Sector, TeachingLanguage

LARGEST_KEY = 2**63 - 1


class Query(serializers.Serializer):
    """A query; a key that is not listed is an error, because it is most often a typing error."""

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """The checked values of a request's query.

        Raises:
            InvalidQuery: with every wrong or unknown key.
        """
        query = cls(data=request.query_params.dict())
        query.is_valid()
        errors: dict[str, Any] = dict(query.errors)
        for key in sorted(set(request.query_params) - set(query.fields)):
            known = ", ".join(sorted(query.fields)) or "none"
            errors[key] = [
                ErrorDetail(f"There is no such key here; known are: {known}.", "unknown")
            ]
        if errors:
            raise InvalidQuery(errors)
        return dict(query.validated_data)


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
