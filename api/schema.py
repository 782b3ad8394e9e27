"""What every operation of the OpenAPI description has: problems, headers, names.

`drf-spectacular` describes our serializers; what is the same everywhere is added here.
"""

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from api import codes
from api.problems import CONTENT_TYPE, TITLES
from api.scopes import ALL
from api.serializers.requests import BATCH_MAX
from api.version import PREFIX
from workers.models.requests import CHOICES_MAX

PROBLEM = {
    "type": "object",
    "description": "Problem details by RFC 9457.",
    "required": ["title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {
            "type": "string",
            "description": "A stable code for programs; docs/api.md tells what each means.",
            "enum": sorted(codes.PROBLEMS),
        },
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
                    "code": {"type": "string", "enum": sorted(codes.ERRORS)},
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
LIMIT_HEADERS = {
    "RateLimit-Policy": {
        "description": "Each limit: at most `q` calls in `w` seconds.",
        "schema": {"type": "string", "example": '"partner";q=600;w=60'},
    },
    "RateLimit": {
        "description": "Of each limit, `r` calls are left; in `t` seconds all are there again.",
        "schema": {"type": "string", "example": '"partner";r=599;t=60'},
    },
}
# Lists of a body whose length is bounded, which drf-spectacular does not tell.
LISTS: Final = {
    ("BatchRequest", "items"): BATCH_MAX,
    ("FilingRequest", "choices"): CHOICES_MAX,
    ("PatchedChangeRequest", "choices"): CHOICES_MAX,
}
# Its errors are those of RFC 6749.
OAUTH_PATH: Final = "/oauth/token"
METHODS = {"get", "post", "put", "patch", "delete"}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add problems and headers to each operation (a post-processing hook of drf-spectacular)."""
    schemas = result["components"].setdefault("schemas", {})
    for name, schema in schemas.items():
        if "properties" in schema and not name.endswith("Request"):
            schema["required"] = sorted(schema["properties"])
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    schemas["Problem"] = PROBLEM
    for (name, key), longest in LISTS.items():
        schemas[name]["properties"][key] |= {"minItems": 1, "maxItems": longest}
    for path, item in result["paths"].items():
        for method in METHODS & set(item):
            operation = item[method]
            responses = operation["responses"]
            for response in responses.values():
                response.setdefault("description", "")
                response["description"] = response["description"] or "Done"
                response.setdefault("headers", {}).update(VERSION_HEADER | LIMIT_HEADERS)
            if path == OAUTH_PATH:
                operation["responses"] |= {"415": _problem(415), "429": _problem(429)}
                continue
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
    statuses = [400, 404, 406, 414, 429]
    # Whoever reads open data with a token that is out of date is told so, too.
    statuses.append(401)
    if operation.get("security") and {} not in operation["security"]:
        statuses.append(403)
    if method == "post":
        statuses += [409, 413, 415, 422]
    if method == "patch":
        statuses += [409, 412, 413, 415, 428]
    return statuses


def _problem(status: int) -> dict[str, Any]:
    headers = dict(VERSION_HEADER)
    if status == 429:
        headers |= LIMIT_HEADERS
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
        "description": str(TITLES[status]),
        "headers": headers,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI description speaks of our tokens and of the scope of each operation."""

    target_class = "api.authentication.TokenAuthentication"
    name = "oauth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {"tokenUrl": f"{PREFIX}/oauth/token", "scopes": ALL}
        return {
            "type": "oauth2",
            "description": "Client credentials of your organisation.",
            "flows": {"clientCredentials": flow},
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        scope = getattr(auto_schema.view, "scopes", {}).get(auto_schema.method)
        return {self.name: [scope] if scope else []}
