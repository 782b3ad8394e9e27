"""Files are judged by their bytes and written anew."""

import io
import struct
import zlib

import pytest
from PIL import Image
from pillow_heif import from_pillow

from tests.cast import make_window
from workers import files, requests
from workers.errors import FileRefused, NotYours
from workers.files.kinds import PIXELS_MAX, sniff

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind="JPEG", size=(40, 30), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return stream.getvalue()


def heic():
    stream = io.BytesIO()
    from_pillow(Image.new("RGB", (64, 64), "teal")).save(stream, quality=80)
    return stream.getvalue()


@pytest.fixture
def request_(worker, window):
    return requests.draft(actor=worker.user, worker=worker, window=window)


def add(request, data, name="offerte.jpg", actor=None, purpose="offer"):
    return files.add(
        actor=actor or request.worker.user, request=request, purpose=purpose, name=name, data=data
    )


@pytest.mark.parametrize(
    ("data", "kind"), [(picture(), "jpeg"), (picture("PNG"), "png"), (heic(), "heic")]
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


def test_a_plain_pdf_is_kept_as_it_is(request_):
    document = add(request_, PDF, "offerte.pdf")
    with document.file.open("rb") as stored:
        assert stored.read() == PDF


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"#!/bin/sh\nrm -rf /\n", "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "kind"),
        (b"GIF89a" + b"\0" * 40, "kind"),
        (b"MZ\x90\0" * 10, "kind"),
        (b"\xff\xd8\xff\xe0" + b"no picture at all" * 9, "broken"),
        (picture()[:200], "broken"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(1)>>"), "active"),
        (PDF.replace(b"/Catalog", b"/Catalog/AA<</S/J#61vaScript>>"), "active"),
        (PDF.replace(b"trailer<<", b"trailer<</Encrypt 2 0 R"), "locked"),
        (b"%PDF-1.4 nothing more", "broken"),
        (picture() + b"\0" * 11_000_000, "too_large"),
    ],
)
def test_what_is_no_photo_and_no_plain_pdf_is_refused(request_, data, reason):
    with pytest.raises(FileRefused) as refused:
        add(request_, data)
    assert refused.value.params["reason"] == reason
    assert not request_.documents.exists()


def test_a_script_packed_inside_a_pdf_is_found(request_):
    packed = zlib.compress(b"<</S/JavaScript/JS(app.alert(1))>>")
    data = PDF.replace(b"endobj", b"endobj 2 0 obj<<>>stream\n" + packed + b"\nendstream endobj", 1)
    with pytest.raises(FileRefused) as refused:
        add(request_, data)
    assert refused.value.params["reason"] == "active"


def test_a_pdf_that_unpacks_to_a_hundred_megabytes_is_refused(request_):
    packed = zlib.compress(b"\0" * 100_000_000, 9)
    data = PDF.replace(b"endobj", b"endobj 2 0 obj<<>>stream\n" + packed + b"\nendstream endobj", 1)
    assert len(data) < 200_000
    with pytest.raises(FileRefused) as refused:
        add(request_, data)
    assert refused.value.params["reason"] == "too_large"


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(request_):
    side = 20_000
    assert side * side > PIXELS_MAX
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    data += struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    with pytest.raises(FileRefused) as refused:
        add(request_, data)
    assert refused.value.params["reason"] == "too_many_pixels"


def test_a_mislabelled_file_is_taken_for_what_it_is(request_):
    document = add(request_, picture("PNG"), "offerte.pdf")
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
    with pytest.raises(FileRefused) as refused:
        add(request_, picture(size=(99, 10)))
    assert refused.value.params["reason"] == "too_many"


def found_something(data):
    return "EICAR"


def test_what_the_scanner_finds_is_not_kept(request_, settings):
    settings.FILE_SCANNER = "tests.workers.test_files.found_something"
    with pytest.raises(FileRefused) as refused:
        add(request_, picture())
    assert refused.value.params["reason"] == "virus"
    assert not request_.documents.exists()


def test_another_person_neither_adds_nor_reads(request_, worker_of_drenthe):
    make_window(worker_of_drenthe.region.fund)
    document = add(request_, picture())
    with pytest.raises(NotYours):
        add(request_, picture(), actor=worker_of_drenthe.user)
    with pytest.raises(NotYours):
        files.open_for(actor=worker_of_drenthe.user, document=document)


def test_a_removed_file_leaves_no_bytes(request_, worker, django_capture_on_commit_callbacks):
    document = add(request_, picture())
    storage, name = document.file.storage, document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(actor=worker.user, document=document)
    assert not storage.exists(name)
