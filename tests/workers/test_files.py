"""Files are judged by their bytes and written anew."""

import io
import struct
import zlib

import pikepdf
import pytest
from PIL import Image
from pillow_heif import from_pillow

from tests.cast import make_window
from tests.refusing import refuses
from tests.sharing import shared
from workers import files, requests
from workers.files.kinds import PIXELS_MAX, sniff


def pdf(pages=1, prepare=None, **saving):
    """A PDF with a word on each page; `prepare` may spoil it before it is saved."""
    with pikepdf.new() as document:
        for number in range(pages):
            page = document.add_blank_page(page_size=(200, 200))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = document.make_stream(
                f"BT /F1 12 Tf 20 100 Td (Offerte {number + 1}) Tj ET".encode()
            )
        if prepare:
            prepare(document)
        stream = io.BytesIO()
        document.save(stream, **saving)
    return stream.getvalue()


def with_script(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )
    document.pages[0].AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    )


def with_attachment(document):
    document.attachments["virus.exe"] = pikepdf.AttachedFileSpec(document, b"MZ a program")
    document.docinfo["/Author"] = "Secret author"


def with_link(document):
    document.pages[0].Annots = document.make_indirect(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 50, 50],
                A=pikepdf.Dictionary(
                    S=pikepdf.Name.URI, URI=pikepdf.String("https://evil.example")
                ),
            )
        ]
    )


def with_form(document):
    """A filled field, whose value only the form holds, and a button with a script."""
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("price"),
            V=pikepdf.String("450 euro"),
            DA=pikepdf.String("/F1 12 Tf 0 g"),
            Rect=[20, 20, 180, 40],
            F=4,
            AA=pikepdf.Dictionary(
                K=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(2)"))
            ),
        )
    )
    document.pages[0].Annots = pikepdf.Array([field])
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=[field], DA=pikepdf.String("/F1 12 Tf 0 g"), DR=document.pages[0].Resources
    )


def everything_in(data):
    """All objects and unpacked streams of a PDF, as one text."""
    with pikepdf.open(io.BytesIO(data)) as document:
        parts = [document.Root.unparse(), document.trailer.unparse()]
        for found in document.objects:
            parts.append(found.unparse(resolved=True))
            if isinstance(found, pikepdf.Stream):
                parts.append(found.read_bytes())
    return b"\n".join(parts)


def picture(kind="JPEG", size=(40, 30), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return stream.getvalue()


def heic():
    stream = io.BytesIO()
    from_pillow(Image.new("RGB", (64, 64), "teal")).save(stream, quality=80)
    return stream.getvalue()


@shared
def request_(worker, window):
    return requests.draft(actor=worker.user, worker=worker, window=window)


def add(request, data, name="offerte.jpg", actor=None, purpose="offer"):
    return files.add(
        actor=actor or request.worker.user, request=request, purpose=purpose, name=name, data=data
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture(), "jpeg"),
        (picture("PNG"), "png"),
        (heic(), "heic"),
        (picture("WEBP"), "webp"),
        (picture("AVIF"), "avif"),
    ],
)
def test_a_photo_of_any_phone_becomes_a_plain_jpeg(request_, data, kind):
    assert sniff(data) == kind
    document = add(request_, data)
    with document.file.open("rb") as stored:
        assert Image.open(stored).format == "JPEG"
    assert document.content_type == "image/jpeg"


def test_the_place_where_a_photo_was_taken_is_dropped(request_):
    exif = Image.Exif()
    exif[0x010F] = "Secret maker"
    document = add(request_, picture(exif=exif.tobytes()))
    with document.file.open("rb") as stored:
        data = stored.read()
    assert b"Secret maker" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


def stored(document):
    with document.file.open("rb") as stream:
        return stream.read()


def test_a_pdf_is_written_anew_with_what_its_pages_show(request_):
    document = add(request_, pdf(pages=3), "offerte.pdf")
    data = stored(document)
    assert (sniff(data), document.content_type) == ("pdf", "application/pdf")
    text = everything_in(data)
    assert all(f"Offerte {number}".encode() in text for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("prepare", "gone"),
    [
        (with_script, [b"JavaScript", b"app.alert", b"OpenAction", b"Launch", b"cmd.exe"]),
        (with_attachment, [b"virus.exe", b"MZ a program", b"EmbeddedFile", b"Secret author"]),
        (with_link, [b"evil.example", b"/URI"]),
        (with_form, [b"app.alert", b"AcroForm", b"/Widget"]),
    ],
)
def test_what_a_pdf_does_or_hides_stays_behind(request_, prepare, gone):
    data = pdf(prepare=prepare)
    before = everything_in(data)
    assert any(word in before for word in gone)
    after = everything_in(stored(add(request_, data, "offerte.pdf")))
    assert [word for word in gone if word in after] == []
    assert b"Offerte 1" in after


def test_what_was_filled_in_a_form_stays_readable(request_):
    after = everything_in(stored(add(request_, pdf(prepare=with_form), "offerte.pdf")))
    assert b"450 euro" in after


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"#!/bin/sh\nrm -rf /\n", "file_kind"),
        (b"<html><script>alert(1)</script>", "file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_kind"),
        (b"GIF89a" + b"\0" * 40, "file_kind"),
        (b"MZ\x90\0" * 10, "file_kind"),
        (b"\xff\xd8\xff\xe0" + b"no picture at all" * 9, "file_broken"),
        (picture()[:200], "file_broken"),
        (pdf(encryption=pikepdf.Encryption(user="geheim", owner="geheim")), "file_locked"),
        (pdf(encryption=pikepdf.Encryption(user="", owner="geheim")), "file_locked"),
        (pdf(pages=101), "file_too_many_pages"),
        (b"%PDF-1.4 nothing more", "file_broken"),
        (pdf()[:300], "file_broken"),
        (picture() + b"\0" * 11_000_000, "file_too_large"),
    ],
)
def test_what_is_no_photo_and_no_plain_pdf_is_refused(request_, data, code):
    with refuses(code):
        add(request_, data)
    assert not request_.documents.exists()


def test_a_pdf_that_unpacks_to_a_hundred_megabytes_is_refused(request_):
    def spoil(document):
        document.pages[0].Contents = document.make_stream(b" " * 100_000_000)

    data = pdf(prepare=spoil, compress_streams=True)
    assert len(data) < 200_000
    with refuses("file_too_large"):
        add(request_, data)


def test_the_same_pdf_twice_is_kept_once(request_):
    data = pdf()
    assert add(request_, data, "a.pdf") == add(request_, data, "b.pdf")


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(request_):
    side = 20_000
    assert side * side > PIXELS_MAX
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    data += struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    with refuses("file_too_many_pixels"):
        add(request_, data)


@pytest.mark.parametrize("name", ["offerte.pdf", "foto.exe", "foto.jpg.html", "foto.svg"])
def test_a_mislabelled_file_is_refused(request_, name):
    with refuses("file_mislabelled"):
        add(request_, picture("PNG"), name)


@pytest.mark.parametrize(
    "name", ["foto.jpg", "IMG_0412.HEIC", "foto", "scan.jpeg", "pxl.webp", "foto.avif"]
)
def test_a_photo_may_have_the_name_of_any_photo(request_, name):
    document = add(request_, picture("PNG"), name)
    assert document.content_type == "image/jpeg"
    assert document.file.name.endswith(".jpg")


def test_the_same_file_twice_is_kept_once(request_):
    assert add(request_, picture()) == add(request_, picture())


def test_a_name_never_becomes_a_path(request_):
    document = add(request_, picture(), "../../etc/passwd.jpg")
    assert document.name == "passwd.jpg"
    assert "passwd" not in document.file.name


def test_at_most_ten_files_of_a_kind(request_):
    for width in range(10, 20):
        add(request_, picture(size=(width, 10)))
    with refuses("too_many_files"):
        add(request_, picture(size=(99, 10)))


def found_something(data):
    return "EICAR"


def test_what_the_scanner_finds_is_not_kept(request_, settings):
    settings.FILE_SCANNER = "tests.workers.test_files.found_something"
    with refuses("file_virus"):
        add(request_, picture())
    assert not request_.documents.exists()


def test_another_person_neither_adds_nor_reads(request_, worker_of_drenthe):
    make_window(worker_of_drenthe.region.fund)
    document = add(request_, picture())
    with refuses("not_yours"):
        add(request_, picture(), actor=worker_of_drenthe.user)
    with refuses("not_yours"):
        files.open_for(actor=worker_of_drenthe.user, document=document)


def test_a_removed_file_leaves_no_bytes(request_, worker, django_capture_on_commit_callbacks):
    document = add(request_, picture())
    storage, name = document.file.storage, document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(actor=worker.user, document=document)
    assert not storage.exists(name)


def test_a_name_with_a_citizen_service_number_is_refused(request_):
    with refuses("file_bsn"):
        add(request_, picture(), "111222333.jpg")
    assert not request_.documents.exists()
