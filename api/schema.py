"""What every operation of the OpenAPI description has: problems, headers, names.

`drf-spectacular` describes our serializers; what is the same everywhere is added here.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from api.problems import CONTENT_TYPE, TITLES

PROBLEM = {
    "type": "object",
    "description": "Problem details by RFC 9457.",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "A stable code for programs."},
        "errors": {
            "type": "array",
            "description": "Every value that is wrong, all at once.",
            "items": {
                "type": "object",
                "required": ["in", "location", "code", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "header"]},
                    "location": {
                        "type": "object",
                        "properties": {
                            "pointer": {"type": "string"},
                            "name": {"type": "string"},
                        },
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
VERSION_HEADER = {
    "API-Version": {
        "description": "The full version of the interface.",
        "schema": {"type": "string"},
    }
}
METHODS = {"get", "post", "put", "patch", "delete"}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add problems and headers to each operation (a post-processing hook of drf-spectacular)."""
    schemas = result["components"].setdefault("schemas", {})
    for name, schema in schemas.items():
        if "properties" in schema and not name.endswith("Request"):
            schema["required"] = sorted(schema["properties"])
    schemas["Problem"] = PROBLEM
    for path, item in result["paths"].items():
        for method in METHODS & set(item):
            operation = item[method]
            responses = operation["responses"]
            for response in responses.values():
                response.setdefault("description", "")
                response["description"] = response["description"] or "Done"
                response.setdefault("headers", {}).update(VERSION_HEADER)
            if "201" in responses:
                responses["201"]["headers"]["Location"] = {
                    "description": "Where the new request is.",
                    "schema": {"type": "string", "format": "uri-reference"},
                }
            for status in _problems(path, method, operation):
                responses[str(status)] = _problem(status)
            operation["responses"] = dict(sorted(responses.items()))
    return result


def _problems(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    statuses = [400, 404, 406, 429]
    # Whoever reads open data with a token that is out of date is told so, too.
    statuses.append(401)
    if operation.get("security") and {} not in operation["security"]:
        statuses.append(403)
    if method == "post":
        statuses += [409, 415, 422]
    return statuses


def _problem(status: int) -> dict[str, Any]:
    headers = dict(VERSION_HEADER)
    if status == 429:
        headers["Retry-After"] = {
            "description": "Seconds to wait.",
            "schema": {"type": "integer"},
        }
    if status == 401:
        headers["WWW-Authenticate"] = {
            "description": "How to say who you are.",
            "schema": {"type": "string"},
        }
    return {
        "description": TITLES[status],
        "headers": headers,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI description speaks of our tokens."""

    target_class = "api.authentication.TokenAuthentication"
    name = "partnerToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that the fund gave to your organisation.",
        }
