"""Errors as problem details (RFC 9457), with every error of a request in one answer.

The shape of `errors` is the one of the Dutch API Design Rules: where (`in`, `location`), a code
of `codes.py` and a sentence in the caller's language.
"""

from collections.abc import Iterator
from http import HTTPStatus
from math import ceil
from typing import Any, Final

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.db import IntegrityError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api import codes
from budgetpool.refusals import Refusal

CONTENT_TYPE = "application/problem+json"
TITLES: Final = {
    400: gettext_lazy("Some input is not valid"),
    401: gettext_lazy("Who are you?"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This method is not possible here"),
    406: gettext_lazy("This format is not available"),
    409: gettext_lazy("Not possible in the present state"),
    412: gettext_lazy("It was changed in the meantime"),
    413: gettext_lazy("The body is too large"),
    414: gettext_lazy("This address is too long"),
    415: gettext_lazy("This format is not understood"),
    422: gettext_lazy("The key was used for another request"),
    428: gettext_lazy("Say which version you change"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong on our side"),
    503: gettext_lazy("Not available for a moment"),
}
# Errors that no view of ours gave words to; the libraries' own words do not suit.
DETAILS: Final = {
    "bad_request": gettext_lazy("The server cannot read this request."),
    "not_found": gettext_lazy("There is nothing here, or it is not yours to see."),
    "permission_denied": gettext_lazy("This is not yours to see or to do."),
    "not_authenticated": gettext_lazy("Send a token: Authorization: Bearer …"),
    "method_not_allowed": gettext_lazy("The header Allow names the methods that are possible."),
    "not_acceptable": gettext_lazy("Only JSON is available: Accept: application/json"),
    "unsupported_media_type": gettext_lazy("Send JSON: Content-Type: application/json"),
    "throttled": gettext_lazy("You called too often. The header Retry-After says how long."),
    "too_large": gettext_lazy("A body has at most 5 MB."),
    "uri_too_long": gettext_lazy("An address has at most 2,000 characters, its query included."),
    "precondition_required": gettext_lazy(
        "Send If-Match with the ETag that you read, so that no change gets lost."
    ),
    "precondition_failed": gettext_lazy("It was changed since you read it. Read it again."),
    "conflict": gettext_lazy(
        "This does not go together with what is stored, perhaps since a moment ago. Read it again."
    ),
    "unavailable": gettext_lazy(
        "Come back after Retry-After seconds, with the same Idempotency-Key if you sent one."
    ),
    "server_error": gettext_lazy(
        "We were told. Try again later, with the same Idempotency-Key if you sent one."
    ),
}
# Words of Django REST Framework that have no Dutch.
THEIR_WORDS: Final = {
    "Not a valid string.": gettext_lazy("This has to be text."),
    "Must be a valid boolean.": gettext_lazy("This has to be true or false."),
    "Datetime value out of range.": gettext_lazy("This moment does not exist."),
}
# Of answers that come from below the views.
CODES_OF_STATUS: Final = {
    400: "bad_request",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    414: "uri_too_long",
    429: "throttled",
    500: "server_error",
    503: "unavailable",
}


class Problem(exceptions.APIException):
    """A refusal with a status, a code and a sentence; `errors` names each place that is wrong."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: list[dict[str, Any]] | None = None,
    ) -> None:
        self.status_code = status
        self.errors = errors or []
        super().__init__(detail or str(DETAILS[code]), code)


def invalid(errors: list[dict[str, Any]]) -> Problem:
    """A refusal of values, each with its place."""
    detail = ngettext(
        "%(count)s value is not valid; see errors.",
        "%(count)s values are not valid; see errors.",
        len(errors),
    )
    return Problem(400, "invalid", detail % {"count": len(errors)}, errors=errors)


def document(
    status: int, detail: str, code: str, errors: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """One problem as a JSON object."""
    title = str(TITLES.get(status) or HTTPStatus(status).phrase)
    made = {"title": title, "status": status, "detail": detail, "code": codes.problem(code)}
    return made | {"errors": errors} if errors else made


def answer(status: int) -> JsonResponse:
    """An answer for an error that no view of the API handled."""
    code = CODES_OF_STATUS.get(status, "server_error" if status >= 500 else "bad_request")
    detail = (
        _("There is nothing at this address. Addresses never end with a slash.")
        if status == 404
        else str(DETAILS[code])
    )
    return JsonResponse(document(status, detail, code), status=status, content_type=CONTENT_TYPE)


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error becomes a problem; anything unknown stays a 500."""
    problem = _as_problem(exception)
    if problem is None:
        return None
    code = str(problem.get_codes())
    headers: dict[str, str] = {}
    if auth_header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    set_rollback()
    made = document(
        problem.status_code, str(problem.detail), code, getattr(problem, "errors", None)
    )
    return Response(made, status=problem.status_code, headers=headers, content_type=CONTENT_TYPE)


def _as_problem(exception: Exception) -> exceptions.APIException | None:
    match exception:
        case Problem():
            return exception
        case Refusal():
            return Problem(exception.status, exception.code, str(exception))
        case Http404():
            return Problem(404, "not_found")
        case PermissionDenied():
            return Problem(403, "permission_denied")
        case RequestDataTooBig():
            return Problem(413, "too_large")
        case IntegrityError():
            # Two calls at one moment; the database let one through.
            return Problem(409, "conflict")
        case ValidationError():
            return of_model(exception)
        case exceptions.ValidationError():
            place = getattr(exception, "place", "body")
            return invalid(list(located(exception.get_full_details(), place)))
        case exceptions.APIException():
            return _in_our_words(exception)
    return None


def _in_our_words(exception: exceptions.APIException) -> exceptions.APIException:
    """The words of the libraries are replaced; ours are kept."""
    code = str(exception.get_codes())
    is_theirs = str(exception.detail) == str(exception.default_detail)
    if code in DETAILS and (
        is_theirs or code in {"method_not_allowed", "unsupported_media_type", "throttled"}
    ):
        return Problem(exception.status_code, code)
    return exception


class InvalidQuery(exceptions.ValidationError):
    """Errors in the query of an address."""

    place = "query"


def located(details: Any, place: str, path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Every error of DRF's nested details, with its place as a JSON pointer or a query key."""
    match details:
        case {"message": message, "code": code} if not isinstance(message, dict | list):
            keys = [key for key in path if key != "non_field_errors"]
            location = {"pointer": pointer(keys)}
            if place == "query":
                location = {"name": keys[0] if keys else ""}
            yield {
                "in": place,
                "location": location,
                "code": codes.error(code),
                "detail": str(THEIR_WORDS.get(str(message), message)),
            }
        case dict():
            for key, inner in details.items():
                yield from located(inner, place, (*path, str(key)))
        case list():
            for index, inner in enumerate(details):
                # A list of messages belongs to one place; a list of objects has a place for each.
                is_message = isinstance(inner, dict) and "message" in inner and "code" in inner
                yield from located(inner, place, path if is_message else (*path, str(index)))


def pointer(keys: list[str]) -> str:
    """Where a value stands, as RFC 6901 writes it."""
    return "#" + "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)


def at(place: str, code: str, detail: str) -> dict[str, Any]:
    """One error of a body; `place` without its first slash, such as `worker/birthDate`."""
    location = {"pointer": f"#/{place}" if place else "#"}
    return {"in": "body", "location": location, "code": codes.error(code), "detail": detail}


def of_model(error: ValidationError, places: dict[str, str] | None = None) -> Problem:
    """What a model refuses; rules of the database are never named.

    Args:
        places: where a field stands in the body; by its name with a hump, unless given.
    """
    if not hasattr(error, "error_dict"):
        return invalid([at("", one.code or "invalid", one.messages[0]) for one in error.error_list])
    fields = dict(error.error_dict)
    rules = fields.pop(NON_FIELD_ERRORS, [])
    if rules and not fields:
        return Problem(409, "conflict")
    return invalid(
        [
            at((places or {}).get(name, _hump(name)), one.code or "invalid", one.messages[0])
            for name, errors in fields.items()
            for one in errors
        ]
    )


def _hump(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
