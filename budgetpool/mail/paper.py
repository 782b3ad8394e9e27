"""Pages on paper: tagged PDF (PDF/UA-1), which a screen reader can read in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from budgetpool import lazily

if TYPE_CHECKING:
    import weasyprint
else:
    weasyprint = lazily.module("weasyprint")

REMEDY = (
    "Pango, which draws PDFs, is not installed: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core."
)


class NoPango(RuntimeError):
    """The libraries that draw letters are not on this machine."""


def pdf(html: str) -> bytes:
    """A page as a PDF; it may fetch nothing from anywhere.

    Raises:
        NoPango: nothing can be drawn here; says what to install.
    """
    try:
        document = weasyprint.HTML(string=html, url_fetcher=no_fetch)
    except OSError as error:  # a library of the system is missing
        raise NoPango(REMEDY) from error
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return content


def no_fetch(url: str, *args: Any, **kwargs: Any) -> Any:
    """Refuse: a picture from elsewhere would tell elsewhere who reads the letter."""
    raise ValueError(f"A page on paper fetches nothing, but it asks for {url}.")
