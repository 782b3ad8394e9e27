"""Requests in addresses, by the name that people use for them: R-0412."""

from django.urls import register_converter


class RequestReference:
    """`<ref:number>`: the address holds R-0412, the view gets 412."""

    regex = r"R-[0-9]{4,12}"

    def to_python(self, value: str) -> int:
        return int(value.removeprefix("R-"))

    def to_url(self, value: int | str) -> str:
        return value if isinstance(value, str) else f"R-{value:04d}"


register_converter(RequestReference, "ref")
