"""Errors as problem details (RFC 9457), with every error of a request in one answer.

The shape of `errors` is the one of the Dutch API Design Rules: where (`in`, `location`), a code
and a sentence.
"""

from collections.abc import Iterator
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Some input is not valid",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "This method is not possible here",
    406: "This format is not available",
    409: "Not possible in the present state",
    415: "This format is not understood",
    422: "The key was used for another request",
    429: "Too many requests",
    500: "Something went wrong on our side",
}


class Problem(exceptions.APIException):
    """A refusal with a status, a code and a sentence; `errors` names each place that is wrong."""

    def __init__(
        self, status: int, code: str, detail: str, *, errors: list[dict[str, Any]] | None = None
    ) -> None:
        self.status_code = status
        self.errors = errors or []
        super().__init__(detail, code)


def document(
    status: int, detail: str, code: str = "", errors: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """One problem as a JSON object."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    made: dict[str, Any] = {"title": title, "status": status, "detail": detail}
    if code:
        made["code"] = code
    if errors:
        made["errors"] = errors
    return made


def answer(status: int) -> JsonResponse:
    """An answer for an error that no view of the API handled."""
    details = {
        404: "There is nothing at this address. Addresses never end with a slash.",
        500: "We were told. Try again later, with the same Idempotency-Key if you sent one.",
    }
    detail = details.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
    return JsonResponse(document(status, detail), status=status, content_type=CONTENT_TYPE)


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error becomes a problem; anything unknown stays a 500."""
    headers: dict[str, str] = {}
    match exception:
        case Http404():
            exception = exceptions.NotFound("There is nothing here, or it is not yours to see.")
        case PermissionDenied():
            exception = exceptions.PermissionDenied("This is not yours to see or to do.")
        case ValidationError():
            exception = exceptions.ValidationError(exceptions_of(exception))
    if not isinstance(exception, exceptions.APIException):
        return None
    status = exception.status_code
    if isinstance(exception, exceptions.ValidationError):
        place = getattr(exception, "place", "body")
        errors = list(located(exception.get_full_details(), place))
        count = "1 value is" if len(errors) == 1 else f"{len(errors)} values are"
        made = document(status, f"{count} not valid; see errors.", "invalid", errors)
    else:
        codes = exception.get_codes()
        made = document(
            status,
            str(exception.detail),
            codes if isinstance(codes, str) else "",
            getattr(exception, "errors", None),
        )
    if auth_header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    set_rollback()
    return Response(made, status=status, headers=headers, content_type=CONTENT_TYPE)


class InvalidQuery(exceptions.ValidationError):
    """Errors in the query of an address."""

    place = "query"


def located(details: Any, place: str, path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Every error of DRF's nested details, with its place as a JSON pointer or a query key."""
    match details:
        case {"message": message, "code": code} if not isinstance(message, dict | list):
            keys = [key for key in path if key != "non_field_errors"]
            location = (
                {"name": keys[0] if keys else ""}
                if place == "query"
                else {"pointer": "#" + "".join(f"/{key}" for key in keys)}
            )
            yield {"in": place, "location": location, "code": code, "detail": str(message)}
        case dict():
            for key, inner in details.items():
                yield from located(inner, place, (*path, str(key)))
        case list():
            for index, inner in enumerate(details):
                # A list of messages belongs to one place; a list of objects has a place for each.
                is_message = isinstance(inner, dict) and "message" in inner and "code" in inner
                yield from located(inner, place, path if is_message else (*path, str(index)))


def exceptions_of(error: ValidationError) -> dict[str, list[str]] | list[str]:
    """A model's refusal in the form that DRF knows."""
    return error.message_dict if hasattr(error, "error_dict") else error.messages
