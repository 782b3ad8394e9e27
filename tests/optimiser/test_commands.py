"""The commands on folders of files: what they refuse, explain and compare."""

import csv
import io
import json

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
