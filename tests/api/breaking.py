"""What in a newer description of the interface breaks a program that was made for an older one.

A body that a program sends must still be taken: nothing that it may hold goes, nothing more is
asked for, no limit is tighter. An answer must still hold what a program reads. A new value of an
enum in an answer is announced by `docs/api.md` and counts as no break; one that goes does, both
ways.
"""

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "patch", "delete")
# Limits of what may be sent, by whether a larger number allows more.
LIMITS = {
    "maxLength": True,
    "maximum": True,
    "maxItems": True,
    "minLength": False,
    "minimum": False,
    "minItems": False,
}
MIXED = ("oneOf", "anyOf", "allOf")


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Each break by its place, such as `POST /invoices body/number: required now`."""
    return list(dict.fromkeys(Comparison(old, new).all()))


def needed(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Which part of the version has to be higher: `major`, `minor`, or none."""
    if breaks(old, new):
        return "major"
    return "minor" if _shape(old) != _shape(new) else ""


def says_so(old: str, new: str, part: str) -> bool:
    """Whether a version tells of a change of this size."""
    before, after = ([int(one) for one in text.split(".")] for text in (old, new))
    if part == "major":
        return after[0] > before[0]
    return after[:2] > before[:2] if part == "minor" else after >= before


def _shape(description: dict[str, Any]) -> Any:
    return _without_words({key: description[key] for key in ("paths", "components")})


def _without_words(value: Any, *, of_names: bool = False) -> Any:
    """The same without what only people read."""
    if isinstance(value, list):
        return [_without_words(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_words(one, of_names=key in {"properties", "schemas", "paths"})
        for key, one in value.items()
        if of_names or key not in {"description", "summary", "example", "tags"}
    }


class Comparison:
    """Two descriptions, read side by side."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def all(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method in METHODS:
                if method in item:
                    where = f"{method.upper()} {path}"
                    now = self.new["paths"].get(path, {}).get(method)
                    if now is None:
                        yield f"{where}: gone"
                    else:
                        yield from self.operation(where, item[method], now)

    def operation(self, where: str, old: Any, new: Any) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{where}: another operationId"
        if _scopes(new) - _scopes(old):
            yield f"{where}: another scope is asked for"
        before, after = _parameters(old), _parameters(new)
        for key, one in before.items():
            if key not in after:
                yield f"{where} {'/'.join(key)}: gone"
                continue
            yield from self.schema(
                f"{where} {'/'.join(key)}", one["schema"], after[key]["schema"], sent=True
            )
        for key, one in after.items():
            if one.get("required") and not before.get(key, {}).get("required"):
                yield f"{where} {'/'.join(key)}: required now"
        yield from self.body(where, old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                if status.startswith("2"):
                    yield f"{where} {status}: gone"
                continue
            yield from self.contents(
                f"{where} {status}", answer, new["responses"][status], sent=False
            )

    def body(self, where: str, old: Any, new: Any) -> Iterator[str]:
        if old is None:
            if new is not None and new.get("required"):
                yield f"{where} body: required now"
            return
        if new is None:
            yield f"{where} body: gone"
            return
        if new.get("required") and not old.get("required"):
            yield f"{where} body: required now"
        yield from self.contents(f"{where} body", old, new, sent=True)

    def contents(self, where: str, old: Any, new: Any, *, sent: bool) -> Iterator[str]:
        for kind, content in old.get("content", {}).items():
            if kind not in new.get("content", {}):
                yield f"{where} {kind}: gone"
                continue
            now = new["content"][kind]
            yield from self.schema(where, content.get("schema", {}), now["schema"], sent=sent)

    def schema(self, where: str, old: Any, new: Any, *, sent: bool) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""), sent)
        if all(pair[:2]):
            if pair in self.seen:
                return
            self.seen.add(pair)
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        if any(key in old or key in new for key in MIXED):
            yield from self.mixed(where, old, new, sent=sent)
            return
        yield from _values(where, old, new, sent=sent)
        yield from self.properties(where, old, new, sent=sent)
        for key in ("items", "additionalProperties"):
            if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
                yield from self.schema(f"{where}/{key}", old[key], new[key], sent=sent)
        closed = [one.get("additionalProperties") is False for one in (old, new)]
        if sent and closed == [False, True]:
            yield f"{where}: other names are refused now"

    def mixed(self, where: str, old: Any, new: Any, *, sent: bool) -> Iterator[str]:
        """Alternatives are compared one by one; another number of them is a break."""
        for key in MIXED:
            before, after = old.get(key, []), new.get(key, [])
            if len(before) != len(after):
                yield f"{where}: {key} is of another kind"
            for index, pair in enumerate(zip(before, after, strict=False)):
                yield from self.schema(f"{where}/{key}/{index}", *pair, sent=sent)

    def properties(self, where: str, old: Any, new: Any, *, sent: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, one in before.items():
            if name not in after:
                yield f"{where}/{name}: gone"
                continue
            yield from self.schema(f"{where}/{name}", one, after[name], sent=sent)
        was, now = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(now - was) if sent else sorted((was - now) & set(after)):
            yield f"{where}/{name}: {'required now' if sent else 'may be absent now'}"


def _values(where: str, old: Any, new: Any, *, sent: bool) -> Iterator[str]:
    was, now = _types(old), _types(new)
    if (was - now) if sent else (now - was):
        yield f"{where}: of another type"
    if "enum" in new and "enum" not in old and sent:
        yield f"{where}: an enum now"
    for value in old.get("enum", []):
        if "enum" in new and value not in new["enum"]:
            yield f"{where}: {value!r} gone"
    if old.get("format") != new.get("format") and not (sent and "format" not in new):
        yield f"{where}: of another format"
    if not sent:
        return
    if "pattern" in new and old.get("pattern") != new["pattern"]:
        yield f"{where}: of another pattern"
    for key, larger_allows_more in LIMITS.items():
        if key not in new:
            continue
        if key not in old or (new[key] < old[key] if larger_allows_more else new[key] > old[key]):
            yield f"{where}: {key} is tighter"


def _types(schema: Any) -> set[str]:
    told = schema.get("type")
    names = {told} if isinstance(told, str) else set(told or ALL_TYPES)
    # Whoever takes numbers takes whole ones.
    return names | {"integer"} if "number" in names else names


ALL_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}


def _resolved(description: Any, schema: Any) -> Any:
    while "$ref" in schema:
        found = description
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _parameters(operation: Any) -> dict[tuple[str, str], Any]:
    return {(one["in"], one["name"]): one for one in operation.get("parameters", [])}


def _scopes(operation: Any) -> set[str]:
    return {
        scope
        for one in operation.get("security", [])
        for scopes in one.values()
        for scope in scopes
    }
