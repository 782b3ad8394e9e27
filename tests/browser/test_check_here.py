"""A visitor checks a published round in their own browser, and a forged file is refused there."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from allocation.rounds import line_keys
from budgetpool.portals.components import check_files
from tests.allocation.test_coarse_lines import Shown, divided  # noqa: F401
from tests.browser.reading import ONLY_LOOKING

pytestmark = [pytest.mark.browser, ONLY_LOOKING]

ROUND = "/regions/twente/rounds/2027-1"
HOLDS = "Alles wat is gecontroleerd klopt."
REFUSED = re.compile("Er klopt iets niet")


def zipped(texts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in texts.items():
            bundle.writestr(f"{Shown.code}/{name}", text)
    return target.getvalue()


def unzipped(archive: bytes) -> dict[str, str]:
    bundle = zipfile.ZipFile(io.BytesIO(archive))
    return {name.split("/", 1)[1]: bundle.read(name).decode() for name in bundle.namelist()}


def choose(page, archive: bytes) -> None:
    chosen = {"name": "chosen.zip", "mimeType": "application/zip", "buffer": archive}
    page.get_by_label("Of kies bestanden op je apparaat").set_input_files(chosen)


def verdict(page):
    return page.locator("[data-check-verdict]")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_visitor_checks_the_round_and_sends_nothing(visitor, published, width):
    page = visitor.open(ROUND, width)
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.get_by_role("button", name="Controleer deze ronde").click()
    expect(verdict(page)).to_have_text(HOLDS, timeout=60_000)
    expect(page.locator("[data-check-list]")).to_contain_text("te klein om regels te publiceren")
    expect(page.locator("[data-check-not]")).to_contain_text("niet gecontroleerd")
    # Nothing but the published archive and files of the page itself was fetched.
    assert {method for method, _url in asked} == {"GET"}
    paths = {url.removeprefix(visitor.base_url) for _method, url in asked}
    assert f"{ROUND}/check.zip" in paths
    assert {p for p in paths if not p.startswith("/static/")} == {f"{ROUND}/check.zip"}


def test_the_exact_files_hold_and_a_forged_one_is_refused(visitor, published):
    page = visitor.open(ROUND)
    exact = unzipped(check_files.for_auditor(published))
    choose(page, zipped(exact))
    expect(verdict(page)).to_have_text(HOLDS, timeout=60_000)
    expect(page.locator("[data-check-list]")).to_contain_text("precies één besluit")
    expect(page.locator("[data-check-list]")).not_to_contain_text("Klopt niet")
    won = next(row for row in exact["outcome/decisions.csv"].splitlines() if ",1," in row)
    forged = exact["outcome/decisions.csv"].replace(won, won.replace(",1,", ",0,", 1))
    choose(page, zipped(exact | {"outcome/decisions.csv": forged}))
    expect(verdict(page)).to_have_text(REFUSED, timeout=60_000)
    expect(page.locator("[data-check-list]")).to_contain_text("Klopt niet")


def test_a_person_finds_their_own_line_by_the_key_in_the_letter(visitor, published, divided):  # noqa: F811
    texts, _problem, groups = divided
    page = visitor.open(ROUND)
    choose(page, zipped(texts))
    expect(verdict(page)).to_have_text(HOLDS, timeout=60_000)
    person = groups[0][0]
    page.get_by_label("Zoek je eigen regel").fill(line_keys.key_of(person.worker_id).lower())
    page.get_by_role("button", name="Toon mijn regel").click()
    answer = ": toegekend" if person.awarded else ": niet toegekend"
    expect(page.locator("[data-check-own]")).to_contain_text(answer)
    page.get_by_label("Zoek je eigen regel").fill("AAAA-AAAA-AAAA-AAAA")
    page.get_by_role("button", name="Toon mijn regel").click()
    expect(page.locator("[data-check-own]")).to_have_text("Er is geen regel met deze sleutel.")
    without = {name: text for name, text in texts.items() if name != "terms.csv"}
    choose(page, zipped(without))
    expect(verdict(page)).to_have_text(REFUSED, timeout=60_000)


@pytest.mark.parametrize("archive", [b"", b"no archive", b"PK\x05\x06" + 18 * b"\xff"])
def test_what_is_no_archive_is_told(visitor, published, archive):
    page = visitor.open(ROUND)
    choose(page, archive)
    expect(verdict(page)).to_contain_text("niet te lezen", timeout=60_000)


def test_without_a_script_the_page_tells_the_command(visitor, published):
    page = visitor.open(ROUND, java_script_enabled=False)
    expect(page.get_by_text("python 2027-1/check.py 2027-1")).to_be_visible()
    expect(page.get_by_role("button", name="Controleer deze ronde")).to_have_count(0)
