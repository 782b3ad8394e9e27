"""The commands on folders of files: what they refuse, explain and compare."""

import csv
import io
import json
import re

import pytest
from django.core.management import call_command

from tests.optimiser import folders
from tests.optimiser.rounds import random_round

POLICY = 'name = "n"\nseed = "s"\nceiling_cents = 1000\n'
HEADER = "request_id,worker_id,choice,amount_cents,points\n"


@pytest.mark.parametrize(
    ("requests", "said"),
    [
        (HEADER + "r1,w1,1,500,3,\n", "requests.csv, row 2: uneven_row"),
        (HEADER + "r1,w1,1,500,3\nr2,w2,1,500,3,,\n", "requests.csv, row 3: uneven_row"),
        (HEADER + "r1,w1,1,500,3\nr2,w2,1\n", "requests.csv, row 3: uneven_row"),
        (
            HEADER.replace("\n", ",points\n") + "r1,w1,1,500,3,4\n",
            "requests.csv, row 1: duplicate_column (column 'points').",
        ),
        (
            (HEADER + "r1,w1,1,500,3\n").replace(",", ";"),
            "requests.csv, row 1: semicolons. The fields stand between semicolons; "
            "save the file as CSV with commas.",
        ),
    ],
)
def test_a_file_whose_rows_do_not_fit_its_header_is_refused(tmp_path, capsys, requests, said):
    (tmp_path / "requests.csv").write_text(requests)
    (tmp_path / "policy.toml").write_text(POLICY)
    with pytest.raises(SystemExit) as stopped:
        call_command("allocate", tmp_path, out=tmp_path / "out")
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_each_stage_is_a_line_with_what_was_reached_the_most_and_the_gap(tmp_path, capsys):
    """Anna and Bilal ask 500 euros each, with 30 and 20 points; nobody asks from the north."""
    (tmp_path / "requests.csv").write_text(
        "request_id,worker_id,choice,amount_cents,points,group,town\n"
        "anna,anna,1,50000,30,a,west\nbilal,bilal,1,50000,20,b,east\n"
    )
    text = 'name = "n"\nseed = "s"\nceiling_cents = 100000\ncoverage = "group"\n'
    for name, share in (("east", "0.5"), ("north", "0.1")):
        text += f'[[floor]]\nname = "{name}"\ncolumn = "town"\nequals = "{name}"\n'
        text += f"share_of_ceiling = {share}\n"
    (tmp_path / "policy.toml").write_text(text)
    call_command("allocate", tmp_path, out=tmp_path / "out")
    said = capsys.readouterr()
    figures = {
        line[:22].rstrip(): re.split(r" {2,}", line[22:].strip()) for line in said.err.splitlines()
    }
    assert figures["floor east"][:3] == ["€ 500.00", "at most € 500.00", "gap 0"]
    assert figures["floor north"][:3] == ["€ 0.00", "at most € 0.00", "gap 0"]
    assert figures["coverage, level 1"][:3] == ["100.0 %", "at most 100.0 %", "gap 0"]
    assert figures["value"][:3] == ["50.00", "at most 50.00", "gap 0"]
    assert figures["people"][:3] == ["2", "at most 2", "gap 0"]
    short, summary = said.out.splitlines()
    assert short == "floor north: € 100.00 short (impossible_demand)"
    assert summary.startswith(
        "2 people, € 1,000.00 of € 1,000.00, value 50.00, 1 of 2 promises kept, "
        "at most 50.00, gap 0, "
    )


def test_progress_comes_as_json_for_other_programs(tmp_path, capsys):
    folder = folders.write(random_round(4, workers=30), tmp_path / "round")
    call_command("allocate", folder, out=tmp_path / "out", events=True)
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert all({"stage", "value", "bound", "gap", "seconds"} == set(event) for event in events)
    assert events[-1]["stage"] == "people"
    assert events[-1]["gap"] == 0


def test_explaining_adds_what_would_have_changed_and_the_result_still_verifies(tmp_path):
    folder = folders.write(random_round(4, workers=40), tmp_path / "round")
    call_command("allocate", folder, out=tmp_path / "plain")
    call_command("allocate", folder, out=tmp_path / "told", explain=True)
    call_command("verify", folder, tmp_path / "told")
    plain, told = (decisions(tmp_path / name) for name in ("plain", "told"))
    without = [{**row, "reason_params": _bare(row["reason_params"])} for row in told]
    assert without == [{**row, "reason_params": _bare(row["reason_params"])} for row in plain]
    changes = [json.loads(row["reason_params"]).get("would_change") for row in told]
    assert any(change and "points" in change for change in changes)


def test_the_price_of_fairness_rises_and_each_division_holds(tmp_path, capsys):
    folder = folders.write(random_round(4, workers=40), tmp_path / "round")
    call_command("price_of_fairness", folder, steps=2, csv=tmp_path / "curve.csv")
    assert "does not hold" not in capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO((tmp_path / "curve.csv").read_text())))
    assert [row["fairness"] for row in rows] == ["0.0", "0.5", "1.0"]
    prices = [float(row["price"]) for row in rows]
    assert prices == sorted(prices)
    shares = [float(row["smallest_share"]) for row in rows]
    assert shares == sorted(shares)
    assert {row["verified"] for row in rows} == {"True"}


def test_the_price_of_fairness_needs_groups(tmp_path, capsys):
    (tmp_path / "requests.csv").write_text(HEADER + "r1,w1,1,500,3\n")
    (tmp_path / "policy.toml").write_text(POLICY)
    with pytest.raises(SystemExit) as stopped:
        call_command("price_of_fairness", tmp_path)
    assert stopped.value.code == 2
    assert "no_coverage" in capsys.readouterr().err


def decisions(folder):
    return list(csv.DictReader(io.StringIO((folder / "decisions.csv").read_text())))


def _bare(params):
    return {k: v for k, v in json.loads(params).items() if k not in {"would_change", "needed"}}


def test_a_share_without_end_is_refused(tmp_path, capsys):
    (tmp_path / "requests.csv").write_text(HEADER + "r1,w1,1,500,3\n")
    (tmp_path / "policy.toml").write_text(POLICY + "fairness = inf\n")
    with pytest.raises(SystemExit) as stopped:
        call_command("allocate", tmp_path, out=tmp_path / "out")
    assert stopped.value.code == 2
    assert "policy.toml: not_a_share (key 'fairness'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["policy.toml", "requests.csv"])
@pytest.mark.parametrize("command", ["allocate", "verify"])
def test_what_cannot_be_opened_is_refused_by_name(tmp_path, capsys, command, name):
    (tmp_path / "requests.csv").write_text(HEADER + "r1,w1,1,500,3\n")
    (tmp_path / "policy.toml").write_text(POLICY)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    out = {"out": tmp_path / "out"} if command == "allocate" else {}
    with pytest.raises(SystemExit) as stopped:
        call_command(command, tmp_path, *([] if out else [tmp_path / "out"]), **out)
    assert stopped.value.code == 2
    assert f"{name}: unreadable_file" in capsys.readouterr().err


def test_a_result_that_nobody_could_write_is_not_computed(tmp_path, capsys):
    (tmp_path / "requests.csv").write_text(HEADER + "r1,w1,1,500,3\n")
    (tmp_path / "policy.toml").write_text(POLICY)
    for command, told in (("allocate", "out"), ("price_of_fairness", "csv")):
        place = tmp_path / "policy.toml" / "result"
        with pytest.raises(SystemExit) as stopped:
            call_command(command, tmp_path, **{told: place})
        assert stopped.value.code == 2
        said = capsys.readouterr()
        assert "unwritable_folder. Name a folder to write into." in said.err
        assert said.out == ""
