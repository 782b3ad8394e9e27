"""What a visitor's browser says of the files is what the verifier in Python says of them.

The modules of the page run in Node, on honest files and on every kind of forgery.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import budgetpool.portals
from allocation.rounds import line_keys
from tests.allocation import test_coarse_lines as coarse
from tests.allocation.test_coarse_lines import checked, divided  # noqa: F401
from tests.optimiser import test_cuts as cuts
from tests.optimiser import test_forgeries as forgeries
from tests.optimiser.everybody import verifier
from tests.optimiser.test_cuts import proven  # noqa: F401
from tests.optimiser.test_forgeries import honest  # noqa: F401

MODULES = Path(budgetpool.portals.__file__).parent / "static" / "check"
RUNNER = Path(__file__).parent / "browser_check.mjs"
# What the page says that it does not check: the words of reasons, and the search for exchanges.
NOT_PORTED = {"reason_differs", "could_be_added", "swap_possible", "result_malformed"}
pytestmark = pytest.mark.tool


class Browser:
    """The page's check in one Node that lives as long as the tests of this file."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("Node is missing: install the package nodejs")
        shutil.copytree(MODULES, folder / "check")
        (folder / "check" / "package.json").write_text('{"type": "module"}')
        self.process = subprocess.Popen(
            [node, str(RUNNER), str(folder / "check")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def says(self, kind: str, files: dict[str, str], **more: str) -> dict:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"kind": kind, "files": files, **more}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the check in the browser broke down"
        return json.loads(line)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    started = Browser(tmp_path_factory.mktemp("browser"))
    yield started
    started.process.communicate(timeout=60)


def texts(folder: Path, below: str) -> dict[str, str]:
    return {f"{below}/{one.name}": one.read_text(encoding="utf-8") for one in folder.iterdir()}


def both(browser, folder, out):
    """The codes of the browser and of Python, of one folder; `unreadable` where it is that."""
    folder.write(out)
    inputs = texts(folder.input, "input")
    said = browser.says("exact", {**inputs, **texts(out, "outcome")})
    here = {"unreadable"} if "unreadable" in said else set(said["codes"])
    try:
        findings = verifier.report(folder.input, out)
    except verifier.Unreadable:
        return here, {"unreadable"}
    # The number of envied awards stands in result.json, and is counted by the search for exchanges.
    codes = {each.code for each in findings.found if each.params.get("figure") != "envy"}
    return here, codes - NOT_PORTED


@pytest.mark.parametrize("name", forgeries.ROUNDS)
def test_an_honest_result_holds_in_the_browser_too(name, browser, honest, tmp_path):  # noqa: F811
    here, there = both(browser, honest(name), tmp_path)
    assert (here, there) == (set(), set())


@pytest.mark.parametrize(("name", "which"), forgeries.MANY)
def test_browser_and_python_say_the_same_of_every_forgery(name, which, browser, honest, tmp_path):  # noqa: F811
    apart = {}
    for kind, forged in forgeries.all_forgeries(honest(name)).items():
        for place in which:
            folder = honest(name)
            forged[place](folder)
            here, there = both(browser, folder, tmp_path)
            if here != there:
                apart[kind] = (here, there)
    assert apart == {}


@pytest.mark.parametrize("forge", [*cuts.OF_ANOTHER_FORM, *cuts.OF_ANOTHER_BOUND])
def test_both_refuse_another_cut(forge, browser, proven, tmp_path):  # noqa: F811
    outcome = texts(cuts.forged(forge, proven, tmp_path), "outcome")
    said = browser.says("exact", {**texts(proven / "round", "input"), **outcome})
    expected = "certificate_malformed" if forge in cuts.OF_ANOTHER_FORM else "bound_differs"
    assert expected in said["codes"]


def test_a_proof_with_cuts_holds_in_the_browser_too(browser, proven):  # noqa: F811
    honest_files = {**texts(proven / "round", "input"), **texts(proven / "out", "outcome")}
    assert browser.says("exact", honest_files)["codes"] == []


# ---- the files for everybody


def without(name):
    return lambda texts: {path: text for path, text in texts.items() if path != name}


FORGED = {
    **coarse.FORGED,
    "another rule": lambda t: t | {"policy.toml": t["policy.toml"].replace("2000000", "2000001")},
    "no terms": without("terms.csv"),
    "a term twice": lambda t: (
        t | {"terms.csv": t["terms.csv"] + t["terms.csv"].split("\n")[1] + "\n"}
    ),
    "no value": coarse.change_json(
        "certificate.json", lambda s: s["stages"].remove(coarse.last_stage(s))
    ),
    "another value": coarse.change_json(
        "certificate.json", lambda s: coarse.last_stage(s).update(reached=1)
    ),
    "a bound of something else": coarse.change_json(
        "certificate.json", lambda s: coarse.last_stage(s).update(objective={"people": 1})
    ),
    "an answer of its own": coarse.change_csv("lines.csv", "awarded", lambda n: "2"),
    "a multiplier that is no whole number": coarse.change_json(
        "certificate.json", lambda s: coarse.last_stage(s)["multipliers"].update(ceiling=1.5)
    ),
    "a limit that nobody knows": coarse.change_json(
        "certificate.json", lambda s: coarse.last_stage(s)["multipliers"].update(friend=1)
    ),
    "no rule": without("policy.toml"),
    "no result": without("result.json"),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_both_refuse_a_forgery_for_everybody(forge, browser, divided, checked, tmp_path):  # noqa: F811
    forged = forge(divided[0])
    done = checked(coarse.written(forged, tmp_path))
    said = browser.says("coarse", forged)
    assert (done.returncode, done.returncode == 2) == (
        2 if "unreadable" in said else int(bool(said["codes"])),
        "unreadable" in said,
    ), (done.stderr, said)
    assert done.returncode or forged == divided[0]


def test_both_prove_the_same_and_find_the_same_line(browser, divided, checked, tmp_path):  # noqa: F811
    texts, _problem, groups = divided
    person = groups[0][0]
    key = line_keys.key_of(person.worker_id)
    said = browser.says("coarse", texts, code=coarse.Shown.code, key=key.lower())
    done = checked(coarse.written(texts, tmp_path), "--key", key)
    assert said["codes"] == []
    assert said["done"] == ["files", "limits", "hidden", "sums", "proof"]
    assert f"value: {said['facts']['value']} was reached" in done.stdout
    assert f"no division has more than {said['facts']['bound']} (" in done.stdout
    assert f"Your line is {said['line']['name']}: " in done.stdout
    assert said["line"]["awarded"] == person.awarded
