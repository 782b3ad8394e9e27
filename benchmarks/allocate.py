"""How fast and how exact the optimiser divides a round, beside plain ways of doing the same.

    python benchmarks/allocate.py [--sizes 1500 6000 50000 200000] [--limit 180] [--only NAME ...]

Each measurement is a process of its own, bounded in time, on the same synthetic round. A request
is one worker's application with one to three ranked choices; a row is one choice. "Value" is the
value stage on the hard limits and the floors; "all stages" adds coverage. The yardsticks solve
what "value" solves: one binary per row in plain PuLP with HiGHS and with CBC, OR-Tools' CP-SAT
(dependency group `bench`), the bare linear relaxation in HiGHS as the floor of what is possible,
and the ranking that most funds use. Times include building the model, not reading files. A
yardstick that reaches `--limit` stands in the table with what it had then.
"""

import argparse
import json
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd
from scipy import sparse

from allocation.optimiser import Policy, Problem, allocate
from allocation.optimiser.baselines import rules
from allocation.optimiser.counterfactual import changes
from allocation.optimiser.process import hosting
from budgetpool.demo import population

TOLERANCE = 1e-4
EUROS_PER_REQUEST = 333
SIZES = [1_500, 6_000, 50_000, 200_000]
PLAIN_UP_TO = 60_000
# Larger rounds are divided only; the bare relaxation alone would take longer than the limit.
COMPARED_UP_TO = 300_000


def make_round(requests: int, *, coverage: bool, seed: int = 2027) -> Problem:
    """A synthetic round: one budget, a target floor, sector floors, seats and two caps."""
    region = population.generate(requests, seed=seed)
    frame = region.optimiser_requests()
    first = frame[frame["choice"] == 1]
    asked = first.groupby("sector")["amount_cents"].sum() / first["amount_cents"].sum()
    floors = [{"name": "target", "column": "target", "equals": "yes", "share_of_ceiling": "0.5"}]
    floors += [
        {
            "name": f"sector {sector}",
            "column": "sector",
            "equals": sector,
            "share_of_ceiling": f"{share / 2:.4f}",
        }
        for sector, share in asked.items()
    ]
    keys: dict[str, Any] = {
        "name": f"bench {requests}",
        "seed": "bench",
        "ceiling_cents": EUROS_PER_REQUEST * 100 * requests,
        "choice_percent": [100, 90, 80],
        "tolerance": str(TOLERANCE),
        "floor": floors,
        "cap": [
            {"name": "provider", "column": "provider_id", "share_of_ceiling": "0.2"},
            {"name": "training", "column": "training_id", "count": max(300, requests * 3 // 2_000)},
        ],
    }
    if coverage:
        keys |= {"coverage": "education_level", "fairness": "1", "coverage_cap": "0.5"}
    return Problem(
        requests=frame, policy=Policy.from_dict(keys), editions=region.optimiser_editions()
    )


class Rows:
    """The value stage as a matrix: one column per row of the requests."""

    def __init__(self, problem: Problem) -> None:
        requests, policy = problem.requests, problem.policy
        percent = np.array(policy.choice_percent)[requests["choice"].to_numpy() - 1]
        self.value = requests["points"].to_numpy() * percent
        amount = requests["amount_cents"].to_numpy()
        ones = np.ones(len(requests), dtype=np.int64)
        self.parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.add(np.zeros(len(requests), dtype=np.int64), amount, [policy.ceiling_cents])
        worker = pd.factorize(requests["worker_id"])[0]
        self.add(worker, ones, np.ones(worker.max() + 1))
        editions = problem.editions
        self.add(
            pd.Index(editions["edition_id"]).get_indexer(requests["edition_id"]),
            ones,
            editions["seats"].to_numpy(),
        )
        for cap in policy.caps:
            code, names = pd.factorize(requests[cap.column])
            cents = cap.limit_cents(policy.ceiling_cents)
            self.add(
                code,
                ones if cents is None else amount,
                np.full(len(names), cap.count if cents is None else cents),
            )
        for floor in policy.floors:
            inside = (requests[floor.column] == floor.equals).to_numpy()
            code = np.where(inside, 0, -1)
            self.add(code, -amount, [-floor.required_cents(policy.ceiling_cents)])

    def add(self, code: np.ndarray, weight: np.ndarray, rhs: Any) -> None:
        self.parts.append((code, weight, np.asarray(rhs, dtype=float)))

    def matrix(self) -> tuple[Any, np.ndarray]:
        blocks, rhs = [], []
        for code, weight, bound in self.parts:
            inside = np.flatnonzero(code >= 0)
            shape = (len(bound), len(code))
            values = weight[inside].astype(float)
            blocks.append(sparse.csr_matrix((values, (code[inside], inside)), shape=shape))
            rhs.append(bound)
        return sparse.vstack(blocks, format="csr"), np.concatenate(rhs)


def optimiser(problem: Problem, limit: float) -> dict[str, Any]:
    started = time.perf_counter()
    proven: dict[str, float] = {}

    def watch(event: dict[str, Any]) -> None:
        if event["stage"] == "value" and event["gap"] is not None:
            proven["until_value"] = time.perf_counter() - started

    found = allocate(problem, progress=watch)
    return proven | {
        "outcome": found.outcome,
        "value": found.value,
        "gap": found.gap,
        "stages": {stage.name: stage.seconds for stage in found.stages},
    }


def explain(problem: Problem, limit: float) -> dict[str, Any]:
    """What would have changed each refusal, confirmed; the first division is not counted."""
    found = allocate(problem)
    started, cpu = time.perf_counter(), cpu_seconds()
    told = changes.changes(problem, found)
    seconds, used = time.perf_counter() - started, cpu_seconds() - cpu
    some = (told[["points", "amount_cents", "ceiling_cents"]] > 0).any(axis=1)
    return {
        "outcome": f"{int(some.sum())} of {len(told)} refused rows, {used:.1f} s of CPU",
        "seconds": seconds,
    }


def cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def ranking(problem: Problem, limit: float) -> dict[str, Any]:
    return {"outcome": "no floors", "value": rules.allocate(problem, "ranking").value}


def plain(solver: str) -> Callable[[Problem, float], dict[str, Any]]:
    """One binary per row, every limit a sum: what a newcomer to PuLP writes."""

    def run(problem: Problem, limit: float) -> dict[str, Any]:
        import pulp
        from pulp.constants import LpSolveStatus

        rows = Rows(problem)
        model = pulp.LpProblem("round", pulp.LpMaximize)
        x = [model.add_variable(f"x{i}", 0, 1, "Integer") for i in range(len(rows.value))]
        model.setObjective(pulp.lpSum_vars_coefs(zip(x, rows.value.tolist(), strict=True)))
        matrix, rhs = rows.matrix()
        for number, bound in enumerate(rhs):
            part = slice(matrix.indptr[number], matrix.indptr[number + 1])
            if part.stop > part.start:
                pairs = zip(matrix.indices[part], matrix.data[part], strict=True)
                left = pulp.lpSum_vars_coefs([(x[i], w) for i, w in pairs])
                model.addConstraint(left <= float(bound), f"c{number}")
        options = {"msg": False, "gapRel": TOLERANCE, "timeLimit": limit}
        backend = pulp.HiGHS(**options) if solver == "highs" else pulp.COIN_CMD(**options)
        stats = model.solve(backend)
        value = sum(v for v, xi in zip(rows.value, x, strict=True) if (xi.varValue or 0) > 0.5)
        bound = stats.best_bound if solver == "highs" else None  # CBC tells none through PuLP
        gap = (bound - value) / bound if bound else None
        return {"outcome": LpSolveStatus(stats.status).name, "value": int(value), "gap": gap}

    return run


def cp_sat(problem: Problem, limit: float) -> dict[str, Any]:
    from ortools.sat.python import cp_model

    rows = Rows(problem)
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in rows.value]
    model.maximize(cp_model.LinearExpr.weighted_sum(x, rows.value.tolist()))
    matrix, rhs = rows.matrix()
    for number, bound in enumerate(rhs.astype(int).tolist()):
        part = slice(matrix.indptr[number], matrix.indptr[number + 1])
        weights = matrix.data[part].astype(int).tolist()
        members = [x[i] for i in matrix.indices[part]]
        if members:
            model.add(cp_model.LinearExpr.weighted_sum(members, weights) <= bound)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.relative_gap_limit = TOLERANCE
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    value, bound = solver.objective_value, solver.best_objective_bound
    return {
        "outcome": solver.status_name(status),
        "value": int(value),
        "gap": (bound - value) / bound if bound else None,
    }


def bare_lp(presolve: str) -> Callable[[Problem, float], dict[str, Any]]:
    """The relaxation straight into HiGHS: no modelling layer at all."""

    def run(problem: Problem, limit: float) -> dict[str, Any]:
        import highspy

        rows = Rows(problem)
        matrix, rhs = rows.matrix()
        columns = matrix.tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = columns.shape[1], columns.shape[0]
        lp.col_cost_ = -rows.value.astype(float)
        lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
        lp.row_lower_, lp.row_upper_ = np.full(lp.num_row_, -highspy.kHighsInf), rhs
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = columns.indptr, columns.indices
        lp.a_matrix_.value_ = columns.data
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", presolve)
        solver.setOptionValue("time_limit", limit)
        solver.passModel(lp)
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus())
        return {"outcome": status, "value": int(-solver.getInfo().objective_function_value)}

    return run


METHODS: dict[str, Callable[[Problem, float], dict[str, Any]]] = {
    "optimiser, all stages": optimiser,
    "optimiser, value": optimiser,
    "bare LP, presolve off": bare_lp("off"),
    "bare LP, presolve on": bare_lp("on"),
    "plain PuLP, HiGHS": plain("highs"),
    "plain PuLP, CBC": plain("cbc"),
    "OR-Tools CP-SAT": cp_sat,
    "ranking": ranking,
    "explain all refusals": explain,
}


def measure(name: str, path: Path, limit: float) -> None:
    """Run one method on one stored round and print what it took, as JSON."""
    problem = pickle.loads(path.read_bytes())
    started, begun = time.perf_counter(), time.process_time()
    found = METHODS[name](problem, limit)
    found.setdefault("seconds", time.perf_counter() - started)
    hosting.end()  # what it and the solving process used counts once it has ended
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    found["mebibytes"] = sum(each.ru_maxrss for each in used) // 1024
    found["cpu_seconds"] = sum(each.ru_utime + each.ru_stime for each in used) - begun
    print("RESULT" + json.dumps(found))


def run_apart(name: str, path: Path, limit: float) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", name, str(path), "--limit", str(limit)]
    started = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=2 * limit + 60, check=False
        )
    except subprocess.TimeoutExpired:
        return {"outcome": "killed", "seconds": time.perf_counter() - started}
    for line in done.stdout.splitlines():
        if line.startswith("RESULT"):
            return json.loads(line.removeprefix("RESULT"))
    return {"outcome": "failed: " + (done.stderr.strip().splitlines() or ["?"])[-1]}


def line(name: str, found: dict[str, Any], yardstick: float | None) -> str:
    seconds, gap = found.get("seconds"), found.get("gap")
    cells = [
        name,
        found["outcome"],
        f"{seconds:.2f}" if seconds is not None else "",
        f"{found['cpu_seconds']:.2f}" if "cpu_seconds" in found else "",
        f"{seconds / yardstick:.2f}" if seconds is not None and yardstick else "",
        f"{found['mebibytes']:,}" if "mebibytes" in found else "",
        f"{found['value'] / 100:,.0f}" if "value" in found else "",
        f"{gap:.1e}" if gap is not None else "",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--limit", type=float, default=180.0, help="seconds per measurement")
    parser.add_argument("--only", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], Path(options.measure[1]), options.limit)
        return
    print(f"{datetime.now(UTC).date()}, {platform.machine()}, Python {platform.python_version()}\n")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            compare(size, Path(folder), options)


def _worth_it(name: str, size: int) -> bool:
    """Leave out what is known to pass every limit at this size."""
    if name.startswith("optimiser"):
        return True
    if name.startswith(("plain", "OR-Tools", "explain")) or name == "bare LP, presolve on":
        return size <= PLAIN_UP_TO
    return size <= COMPARED_UP_TO


def compare(size: int, folder: Path, options: argparse.Namespace) -> None:
    paths = {}
    for coverage in (True, False):
        problem = make_round(size, coverage=coverage)
        paths[coverage] = folder / f"{coverage}.pickle"
        paths[coverage].write_bytes(pickle.dumps(problem))
    print(f"### {size:,} requests, {len(problem.requests):,} rows\n")
    print("| method | outcome | seconds | CPU seconds | × bare LP | MiB | points | gap |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    found = {}
    order = sorted(options.only, key=lambda name: not name.startswith("bare LP"))
    for name in order:
        if _worth_it(name, size):
            path = paths[name in ("optimiser, all stages", "explain all refusals")]
            found[name] = run_apart(name, path, options.limit)
            times = [
                f["seconds"] for n, f in found.items() if n.startswith("bare") and "value" in f
            ]
            yardstick = min(times, default=None)
            print(line(name, found[name], yardstick), flush=True)
            if "until_value" in found[name]:
                part = {"outcome": "", "seconds": found[name]["until_value"]}
                print(line("– of which until value is proven", part, yardstick), flush=True)
    print()
    for name, result in found.items():
        if result.get("stages"):
            costly = {stage: s for stage, s in result["stages"].items() if s >= 0.005}
            stages = ", ".join(f"{stage} {s:.2f} s" for stage, s in costly.items())
            print(f"{name}: {stages}\n", flush=True)


if __name__ == "__main__":
    main()
