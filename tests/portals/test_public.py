"""What the public sees of a fund and its rounds, and when."""

import io
import subprocess
import sys
import zipfile

import pytest
from django.core.cache import cache

from allocation import rounds
from allocation.models import Scenario
from allocation.optimiser import allocate, files, verify
from budgetpool.fund import ledger, standing
from budgetpool.fund.models import Account
from budgetpool.portals.components import check_files
from employers import outreach
from employers.models import InviteCode
from tests.cast import adjust
from tests.optimiser import folders
from tests.sharing import shared

pytestmark = pytest.mark.django_db
ROUND = "/regions/twente/rounds/2027-1"

# Of the themes that the register's schema permits, those that a fund can be about.
THEMES = {"Werk", "Onderwijs en wetenschap", "Economie", "Sociale zekerheid"}
# The register's own layout of version 1.0.
LAYOUT = {
    *("name", "description_short", "organization", "category", "status", "begin_date"),
    *("end_date", "contact_email", "website", "publication_category", "url", "goal"),
    *("proportionality", "human_intervention", "risks", "lawful_basis", "lawful_basis_grouping"),
    *("process_index_url", "impacttoetsen", "impacttoetsen_grouping", "source_data"),
    *("source_data_grouping", "methods_and_models", "provider", "publiccode", "lang"),
    *("standard_version", "source_id", "tags"),
}


def page(client, path=ROUND):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_page_says_that_it_does_not_matter_who_is_first(client, opened):
    for path in ("/", "/regions/twente", ROUND, "/how-we-divide"):
        assert "Het maakt niet uit wie het eerst is: elke dag telt even zwaar." in page(
            client, path
        )


def test_a_draft_is_on_no_public_page(client, draft):
    assert client.get(ROUND).status_code == 404
    assert "2027-1" not in page(client, "/regions/twente")


def test_an_open_round_shows_its_frozen_rule_and_no_outcome(client, opened):
    html = page(client)
    assert opened.policy.sha256 in html
    assert "Lotto of 15 January 2027" in html
    assert "Er is nog geen uitkomst" in html
    assert client.get(f"{ROUND}/check.zip").status_code == 404


def test_nobody_sees_an_outcome_before_it_is_published(client, signed):
    html = page(client)
    assert "Er is nog geen uitkomst" in html
    assert signed.proposal.sha256 not in html
    assert signed.motivation not in html


@shared
def compared(drawn, chair):
    """The drawn round with the old rule computed beside it."""
    rounds.compute(round=drawn, name="Old", member=chair, rule=Scenario.Rule.FCFS)
    return drawn


def test_a_published_round_stands_beside_first_come_first_served(client, compared, published):
    html = page(client)
    assert "Draai zelf na" in html
    assert "Wie het eerst komt (ter vergelijking)" in html
    assert published.motivation in html
    assert published.proposal.sha256 in html


def test_groups_under_ten_people_are_not_shown(client, published):
    # Seven people asked: whatever the group, it has fewer than ten.
    html = page(client)
    assert "Hoogste diploma" not in html
    assert "Krijgt een opleiding" not in html


def unpacked(archive, folder):
    zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
    return folder / "2027-1"


def test_the_auditor_gets_the_same_outcome_from_the_exact_files(published, tmp_path):
    folder = unpacked(check_files.for_auditor(published), tmp_path)
    again = allocate(files.read(folder / "input"))
    decisions, result, _certificate = folders.read_result(folder / "outcome")
    assert again.snapshot_sha256 == result["snapshot_sha256"]
    assert again.policy_sha256 == result["policy_sha256"]
    assert again.decisions.astype(str).to_dict() == decisions.astype(str).to_dict()


def test_the_certificate_verifies_on_the_exact_files(published, tmp_path):
    folder = unpacked(check_files.for_auditor(published), tmp_path)
    report = verify.report(folder / "input", folder / "outcome")
    assert [str(finding) for finding in report.found] == []


def test_the_program_in_the_archive_needs_nothing_but_python_and_holds(published, tmp_path):
    folder = unpacked(check_files.for_auditor(published), tmp_path)
    command = [sys.executable, "-I", "-S", "verify.py", "input", "outcome"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Everything holds.\n", "")


def test_even_the_auditor_gets_of_a_person_only_what_the_rule_uses(published, tmp_path):
    folder = unpacked(check_files.for_auditor(published), tmp_path)
    columns = set((folder / "input" / "requests.csv").read_text().splitlines()[0].split(","))
    rule = files.read(folder / "input").policy
    assert not columns & {"submitted_at", "contract", "education", "sector", "first_timer"}
    assert set(rule.columns()) <= columns


def test_a_round_of_seven_people_publishes_no_line(client, published, tmp_path):
    # Three of seven got something: whatever the groups, fewer than five got the same answer.
    folder = unpacked(client.get(f"{ROUND}/check.zip").content, tmp_path)
    assert not {"lines.csv", "groups.csv", "terms.csv"} & {each.name for each in folder.iterdir()}
    done = subprocess.run(
        [sys.executable, folder / "check.py", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "too small to publish lines" in done.stdout


def test_what_the_board_decided_itself_is_in_the_exact_files(
    client, drawn, requests, chair, second_signer, tmp_path
):
    reason = "Written at length, so that everybody understands."
    both = chair, second_signer
    adjust(drawn, requests[6], *both, reason=reason)
    adjust(drawn, requests[0], *both, kind="withhold", reason=reason)
    chosen = rounds.compute(round=drawn, name="Adjusted", member=chair)
    rounds.propose(
        round=drawn, scenario=chosen, motivation="Because.", no_interest=True, member=chair
    )
    rounds.sign(round=drawn, sha256=chosen.sha256, no_interest=True, member=second_signer)
    published = rounds.publish(round=drawn, member=chair)
    folder = unpacked(check_files.for_auditor(published), tmp_path)
    problem = files.read(folder / "input")
    assert (len(problem.given), len(problem.withheld)) == (1, 1)
    decisions, _result, _certificate = folders.read_result(folder / "outcome")
    again = allocate(problem).decisions
    assert list(again["awarded"].astype(str)) == list(decisions["awarded"])
    assert "Over 2 aanvragen besloot het bestuur zelf" in page(client)


def test_the_archive_is_the_same_each_time_and_holds_no_name(client, published, requests):
    first = client.get(f"{ROUND}/check.zip").content
    cache.clear()
    assert first == client.get(f"{ROUND}/check.zip").content
    bundle = zipfile.ZipFile(io.BytesIO(first))
    everything = "".join(bundle.read(name).decode() for name in bundle.namelist())
    for request in requests:
        assert request.worker.name not in everything


def test_the_record_keeps_to_the_standard_of_the_register(client, published):
    answer = client.get(f"{ROUND}/algorithm.json")
    record = answer.json()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert record["standard_version"] == "1.0"
    assert record["lang"] == "nld"
    assert len(record["name"]) < 100
    assert len(record["description_short"]) < 350
    assert len(record["methods_and_models"]) < 5000
    assert record["status"] in {"In gebruik", "In ontwikkeling", "Buiten gebruik"}
    assert set(record) == LAYOUT
    # 26 fields have a key each; three groupings hold title and link of the other six: 32 fields.
    groupings = [key for key in LAYOUT if key.endswith("_grouping")]
    assert len(LAYOUT) - len(groupings) + 2 * len(groupings) == 32
    assert all(set(row) == {"title", "link"} for key in groupings for row in record[key])
    assert all(row["link"].startswith("https://") for key in groupings for row in record[key])
    assert set(record["category"]) <= THEMES
    assert len(record["category"]) <= 3
    assert all(len(record[key]) <= 2_500 for key in LAYOUT if key not in {"methods_and_models"})


def test_the_record_is_dutch_for_readers_of_any_language(client, published):
    client.cookies["django_language"] = "en"
    assert (
        "Het bestuur besluit." in client.get(f"{ROUND}/algorithm.json").json()["description_short"]
    )


def test_the_fund_of_another_region_has_not_this_round(client, opened, drenthe):
    assert client.get("/regions/drenthe/rounds/2027-1").status_code == 404


def test_the_five_places_of_the_money_add_up(rich_fund):
    # EUR 1,000 from an employer: 800 to the pool, of which 300 to a round and 120 to an award,
    # of which 50 is paid.
    def open_(kind, code):
        return ledger.open_account(fund=rich_fund, kind=kind, code=code)

    bank, pool = open_(Account.Kind.BANK, "bank"), open_(Account.Kind.POOL, "pool")
    employer, award = open_(Account.Kind.EMPLOYER, "e1"), open_(Account.Kind.AWARD, "a1")
    around = open_(Account.Kind.ROUND, "r1")
    before = standing.of(rich_fund)
    for debit, credit, cents, name in (
        (bank, employer, 100_000, "in"),
        (employer, pool, 80_000, "pooled"),
        (pool, around, 30_000, "round"),
        (around, award, 12_000, "award"),
        (award, bank, 5_000, "paid"),
    ):
        ledger.post(debit=debit, credit=credit, amount=cents, reference=name, memo="deposit")
    now = standing.of(rich_fund)
    assert now.paid_in - before.paid_in == 100_000
    assert (now.in_rounds, now.awarded, now.paid_out) == (18_000, 7_000, 5_000)
    assert now.free - before.free == 70_000
    assert now.paid_in - before.paid_in == (
        now.free - before.free + now.in_rounds + now.awarded + now.paid_out
    )


def test_a_code_on_a_poster_leads_to_the_region_and_goes_along(client, twente, employer, manager):
    code = outreach.make_code(employer=employer, fund=twente, channel="canteen", by=manager)
    answer = client.get(f"/c/{code.code.lower()}")
    assert answer.headers["Location"] == "/regions/twente"
    assert client.session["outreach_code"] == code.code
    assert InviteCode.objects.get(pk=code.pk).visits_count == 1


def test_a_code_that_leads_nowhere_leads_to_the_front_page(client, db):
    assert client.get("/c/unknown").headers["Location"] == "/"


def test_the_qr_code_is_an_image_of_our_own(client, twente):
    answer = client.get("/regions/twente/qr.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
