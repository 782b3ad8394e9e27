"""PDFs are written anew: only what can be seen on the pages goes along.

Scripts, actions, forms, embedded files and hidden data stay behind, because the pages are copied
into an empty document. What a form's fields show is drawn onto the page first.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from budgetpool import lazily
from budgetpool.refusals import NotReady

if TYPE_CHECKING:
    import pikepdf
else:
    pikepdf = lazily.module("pikepdf")

PAGES_MAX: Final = 100
UNPACKED_MAX: Final = 60 * 1024 * 1024
STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)

# Keys that make a reader do something, fetch something or carry something along.
HIDDEN: Final = (
    "/AA", "/AF", "/AcroForm", "/Annots", "/B", "/Collection", "/EF", "/EmbeddedFile",
    "/EmbeddedFiles", "/ImportData", "/JS", "/JavaScript", "/Launch", "/Metadata", "/Names",
    "/OPI", "/OpenAction", "/Outlines", "/PieceInfo", "/PresSteps", "/Ref", "/RichMedia",
    "/StructParent", "/StructParents", "/SubmitForm", "/Thumb", "/URI", "/XFA",
)  # fmt: skip


def rewritten(data: bytes) -> bytes:
    """The same pages in a new file; the same bytes in give the same bytes out.

    Raises:
        NotReady: `file_…`: `locked` (encrypted), `broken` (no pages, or nothing that can be read),
            `too_many_pages`, `too_large` (unpacks to more than 60 MB).
    """
    _refuse_bomb(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as found, pikepdf.new() as clean:
            if found.is_encrypted:
                raise NotReady("file_locked")
            if not len(found.pages):
                raise NotReady("file_broken")
            if len(found.pages) > PAGES_MAX:
                raise NotReady("file_too_many_pages", most=PAGES_MAX)
            _draw_fields(found)
            _strip(found)
            clean.pages.extend(found.pages)
            _strip(clean)
            written = io.BytesIO()
            clean.save(
                written,
                deterministic_id=True,
                compress_streams=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    except pikepdf.PasswordError as error:
        raise NotReady("file_locked") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise NotReady("file_broken") from error
    return written.getvalue()


def _draw_fields(found: pikepdf.Pdf) -> None:
    """What somebody filled in a form is part of the paper; the form itself is not."""
    widgets = [note for page in found.pages for note in page.get("/Annots", [])]
    if "/AcroForm" in found.Root and any("/AP" not in widget for widget in widgets):
        found.Root.AcroForm.NeedAppearances = True
        found.generate_appearance_streams()
    found.flatten_annotations("screen")


def _strip(document: pikepdf.Pdf) -> None:
    for found in document.objects:
        if isinstance(found, pikepdf.Stream):
            _empty(found.stream_dict)
        elif isinstance(found, pikepdf.Dictionary):
            _empty(found)
        elif isinstance(found, pikepdf.Array):
            _inside(found)


def _empty(dictionary: Any) -> None:
    for key in HIDDEN:
        if key in dictionary:
            del dictionary[key]
    _inside(dictionary[key] for key in list(dictionary.keys()))


def _inside(values: Any) -> None:
    """Direct values only: everything that is referred to is an object of its own."""
    for value in values:
        if not isinstance(value, pikepdf.Object) or value.is_indirect:
            continue
        if isinstance(value, pikepdf.Dictionary):
            _empty(value)
        elif isinstance(value, pikepdf.Array):
            _inside(value)


def _refuse_bomb(data: bytes) -> None:
    """Count what the packed streams unpack to, before a library holds it all."""
    room = UNPACKED_MAX
    for match in STREAM.finditer(data):
        try:
            room -= len(zlib.decompressobj().decompress(match.group(1), room + 1))
        except zlib.error:
            continue
        if room <= 0:
            raise NotReady("file_too_large")
