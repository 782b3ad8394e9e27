"""docs/optimiser.md names files and tests that are there, and each module of a stage."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "optimiser.md").read_text()
FOLDER = ROOT / "allocation" / "optimiser"
NAMED = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE)


def test_every_file_and_test_is_there():
    assert len(NAMED) > 40
    for file, test in NAMED:
        if not test:
            assert (FOLDER / file).is_file(), file
            continue
        assert f"def {test}(" in (ROOT / "tests" / "optimiser" / file).read_text(), test


def test_every_section_tells_its_file_its_test_and_where_it_is_not_exact():
    for section in PAGE.split("\n## ")[1:]:
        title, *lines = section.splitlines()
        kinds = [line.partition(":")[0] for line in lines if line.startswith("- ")]
        assert kinds[:2] == ["- file", "- test"], title
        assert kinds[2:] in (["- paper", "- not exact"], ["- decision"]), title
        assert len(lines) <= 40, f"{title}: more than a screen"


def test_every_stage_and_every_search_is_on_the_map():
    files = {file for file, test in NAMED if not test}
    folders = ("stages", "integer", "relaxation")
    missing = {
        f"{folder}/{path.name}"
        for folder in folders
        for path in (FOLDER / folder).glob("*.py")
        if path.name not in ("__init__.py", "run.py")
    }
    assert missing - files <= {"integer/mip.py"}
