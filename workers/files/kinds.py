"""What a file is by its first bytes, and how each kind is made harmless.

A photo is decoded and encoded again as JPEG, which drops hidden data (the place where it was
taken, a script behind the picture). A PDF is written anew by `papers`.
"""

import io
from pathlib import PurePath
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from budgetpool.refusals import NotReady
from workers.files.papers import rewritten

register_heif_opener()

BYTES_MAX: Final = 10 * 1024 * 1024
PIXELS_MAX: Final = 50_000_000  # a phone's photo has 12 to 48 million
SIDE_MAX: Final = 2400  # enough to read a letter's small print

# What a name may end in for each kind. Phones call a photo by any photo's name; a name without an
# ending says nothing.
ENDINGS: Final = {
    "photo": {"", "jpg", "jpeg", "jfif", "png", "heic", "heif", "webp", "avif"},
    "pdf": {"", "pdf"},
}
STARTS: Final = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"%PDF-": "pdf",
}
# What stands behind `ftyp` in the photos of newer phones.
BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "heic"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
}


def sniff(data: bytes) -> str:
    """The kind of file: `jpeg`, `png`, `webp`, `avif`, `heic` or `pdf`; empty for others."""
    for start, kind in STARTS.items():
        if data.startswith(start):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return BRANDS.get(data[8:12], "") if data[4:8] == b"ftyp" else ""


def fits(name: str, data: bytes) -> bool:
    """Whether a file is of the kind that its name says.

    A photo called a PDF, or a PDF called a program, is a mistake or a trick; both are refused.
    """
    ending = PurePath(name).suffix.lower().removeprefix(".")
    kind = sniff(data)
    return not kind or ending in ENDINGS["pdf" if kind == "pdf" else "photo"]


def harmless(data: bytes) -> tuple[bytes, str, str]:
    """The bytes to store, their content type and their ending.

    Raises:
        NotReady: `file_…`: `empty`, `too_large`, `kind` (no photo and no PDF), `too_many_pixels`,
            `broken`, or a reason of `papers.rewritten`.
    """
    if not data:
        raise NotReady("file_empty")
    if len(data) > BYTES_MAX:
        raise NotReady("file_too_large", most_bytes=BYTES_MAX)
    kind = sniff(data)
    if kind == "pdf":
        return rewritten(data), "application/pdf", "pdf"
    if kind:
        return _photo(data), "image/jpeg", "jpg"
    raise NotReady("file_kind")


def _photo(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            # The header tells the size before anything is unpacked: a bomb stops here.
            if opened.width * opened.height > PIXELS_MAX:
                raise NotReady("file_too_many_pixels", most_pixels=PIXELS_MAX)
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((SIDE_MAX, SIDE_MAX))
            flat = Image.new("RGB", upright.size, "white")
            rgba = upright.convert("RGBA")
            flat.paste(rgba, mask=rgba.getchannel("A"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotReady("file_too_many_pixels", most_pixels=PIXELS_MAX) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotReady("file_broken") from error
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()
