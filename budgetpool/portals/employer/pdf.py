"""Pages on paper: tagged PDF (PDF/UA-1), which a screen reader can read in order."""

from typing import Any

import weasyprint
from django.template.loader import render_to_string


def render(template: str, context: dict[str, Any]) -> bytes:
    """A template as a PDF; it may fetch nothing from anywhere."""
    html = render_to_string(template, context)
    document = weasyprint.HTML(string=html, url_fetcher=_no_fetch)
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return content


def _no_fetch(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"A page on paper fetches nothing, but it asks for {url}.")
