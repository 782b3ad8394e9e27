"""The only way from Django to the optimiser's frames: the eligible requests of a window, frozen.

Only what a division needs leaves the database. People and requests carry pseudonyms, made with a
key that belongs to the round alone; editions, trainings and providers keep the public numbers
of the register.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Sum

from allocation import optimiser
from allocation.models import Award, PseudonymKey, Round, Snapshot
from allocation.rounds import contributions
from allocation.rules import courses, exclusions, points, waiting_credit
from budgetpool import lazily
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady
from budgetpool.register.models import Edition
from workers.models import Choice, TrainingRequest

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import Policy, Problem, files
    from allocation.optimiser.inputs import problem as problems
else:
    pd = lazily.module("pandas")
    files = lazily.module("allocation.optimiser.files")
    problems = lazily.module("allocation.optimiser.inputs.problem")

LEVELS: Final = {
    "none": "low", "vmbo": "low", "mbo1": "low",
    "mbo2": "middle", "mbo3": "middle", "mbo4": "middle", "havo_vwo": "middle",
    "hbo": "high", "wo": "high",
}  # fmt: skip
COLUMNS: Final = (
    "request_id", "worker_id", "choice", "amount_cents", "points", "edition_id", "submitted_at",
    "education", "education_level", "contract", "sector", "target", "first_timer",
    "provider_id", "training_id", "training_sector", "refused_for_money",
)  # fmt: skip
FRAMES: Final = ("requests", "editions", "pools", "contributions")


def freeze(round: Round, rule: Policy) -> Snapshot:
    """Write the round's input down, once; call inside the transaction that closes the round.

    Raises:
        NotReady: `no_requests`; `without_amount`: requests whose choices all cost nothing.
    """
    key = PseudonymKey.objects.create(round=round, key=secrets.token_hex(32)).key
    problem = problem_of(round, rule, key)
    return Snapshot.objects.create(
        round=round,
        requests_csv=_csv(problem.requests),
        editions_csv=_csv(problem.editions),
        pools_csv=_csv(problem.pools),
        contributions_csv=_csv(problem.contributions),
        rows=len(problem.requests),
        requests=problem.requests["worker_id"].nunique(),
        sha256=files.snapshot_sha256(problem),
    )


def problem_of(round: Round, rule: Policy, key: str) -> Problem:
    """The round as the database has it now, in the optimiser's frames, checked and sorted."""
    requests = _requests(round, key)
    return problems.check(
        optimiser.Problem(
            requests=requests,
            policy=rule,
            editions=_editions(requests),
            pools=_pools(round),
            contributions=_contributions(round),
        )
    )


def read(
    snapshot: Snapshot,
    rule: Policy,
    *,
    given: frozenset[str] = frozenset(),
    withheld: frozenset[str] = frozenset(),
    corrections: dict[str, dict[str, Any]] | None = None,
    before: pd.DataFrame | None = None,
) -> Problem:
    """The frozen input as the optimiser's problem.

    Args:
        given, withheld: request ids of the frame that the board decided itself.
        corrections: worker pseudonym -> columns with their right values, for a replay.
        before: what was awarded in a division before, for a small change.
    """
    frames = {name: _frame(getattr(snapshot, f"{name}_csv")) for name in FRAMES}
    requests = frames.pop("requests")
    assert requests is not None
    for worker_id, columns in (corrections or {}).items():
        for column, value in columns.items():
            requests.loc[requests["worker_id"] == worker_id, column] = str(value)
    return problems.check(
        optimiser.Problem(
            requests=requests,
            policy=rule,
            given=given,
            withheld=withheld,
            before=before,
            **frames,
        )
    )


def pseudonym(key: str, kind: str, pk: int) -> str:
    """A name that tells nothing without the round's key: the same row, the same name."""
    digest = hmac.new(key.encode(), f"{kind}:{pk}".encode(), hashlib.sha256).hexdigest()
    return f"{kind[0]}{digest[:16]}"


def request_ids(round: Round) -> dict[str, tuple[int, int]]:
    """From the frame's `request_id` back to (request, choice) keys."""
    key = PseudonymKey.objects.get(round=round).key
    rows = Choice.objects.filter(
        request__window=round.window_id, request__status=TrainingRequest.Status.SUBMITTED
    ).values_list("request_id", "pk", "rank")
    return {
        f"{pseudonym(key, 'request', request)}-{rank}": (request, choice)
        for request, choice, rank in rows
    }


def worker_ids(round: Round) -> dict[str, int]:
    """From the frame's `worker_id` back to workers' keys."""
    key = PseudonymKey.objects.get(round=round).key
    workers = TrainingRequest.objects.filter(
        window=round.window_id, status=TrainingRequest.Status.SUBMITTED
    ).values_list("worker_id", flat=True)
    return {pseudonym(key, "worker", worker): worker for worker in workers}


def _requests(round: Round, key: str) -> pd.DataFrame:
    rows = (
        Choice.objects.filter(
            request__window=round.window_id, request__status=TrainingRequest.Status.SUBMITTED
        )
        .exclude(training__provider__in=exclusions.barred_providers(round.window))
        .annotate(total=Sum("cost_lines__amount"))
        .values_list(
            "request_id", "rank", "total", "edition_id", "training_id", "training__provider_id",
            "training__sector", "request__worker_id", "request__submitted_at",
            "request__worker__education", "request__worker__contract", "request__worker__sector",
            "request__worker__training_hours_two_years",
        )
    )  # fmt: skip
    frame = pd.DataFrame.from_records(
        list(rows),
        columns=[
            "request", "choice", "total", "edition", "training", "provider", "training_sector",
            "worker", "moment", "education", "contract", "sector", "hours_trained",
        ],
    )  # fmt: skip
    if frame.empty:
        raise NotReady("no_requests", round=round.code)
    frame["amount_cents"] = [int((total or 0) * 100) for total in frame["total"]]
    costly = frame[frame["amount_cents"] > 0]
    free = sorted(set(frame["request"]) - set(costly["request"]))
    if free:
        raise NotReady("without_amount", requests=free)
    return _pseudonymous(costly.reset_index(drop=True), round, key)


def _pseudonymous(frame: pd.DataFrame, round: Round, key: str) -> pd.DataFrame:
    refused = waiting_credit.refused_rounds(fund=round.fund, before=round)
    frame["hours_trained"] = pd.to_numeric(frame["hours_trained"]).fillna(0).astype("int64")
    frame["refused_rounds"] = [refused.get(worker, 0) for worker in frame["worker"]]
    waited = waiting_credit.refused_for_money(fund=round.fund, before=round)
    frame["refused_for_money"] = [str(waited.get(worker, 0)) for worker in frame["worker"]]
    frame["points"] = points.points_of(frame)
    trained = frame["hours_trained"] > 0
    target = frame["education"].isin(points.TARGET_EDUCATION) & ~trained
    frame["target"] = target.map({True: "yes", False: "no"})
    frame["first_timer"] = trained.map({True: "no", False: "yes"})
    frame["education_level"] = frame["education"].map(LEVELS).fillna("unknown")
    names = {pk: pseudonym(key, "request", pk) for pk in frame["request"].unique().tolist()}
    frame["request_id"] = [
        f"{names[request]}-{choice}"
        for request, choice in zip(frame["request"], frame["choice"], strict=True)
    ]
    people = {pk: pseudonym(key, "worker", pk) for pk in frame["worker"].unique().tolist()}
    frame["worker_id"] = frame["worker"].map(people)
    frame["submitted_at"] = [moment.isoformat(timespec="seconds") for moment in frame["moment"]]
    for column, letter in (("edition", "e"), ("training", "t"), ("provider", "p")):
        frame[f"{column}_id"] = [
            "" if pd.isna(pk) else f"{letter}{int(pk)}" for pk in frame[column]
        ]
    frame["training_sector"] = frame["training_sector"].fillna("")
    return frame.sort_values("request_id").reset_index(drop=True)[list(COLUMNS)]


def edition_key(name: str) -> int:
    """The key of an edition that the files call so: `e12` is 12."""
    return int(name[1:])


def _editions(requests: pd.DataFrame) -> pd.DataFrame | None:
    """The seats that are left: an earlier round's awards keep theirs."""
    wanted = [edition_key(name) for name in requests["edition_id"].unique().tolist() if name]
    if not wanted:
        return None
    ended = [Award.Status.DECLINED, Award.Status.CANCELLED]
    live = courses.now(Award.objects.exclude(status__in=ended))
    taken = Counter(live.filter(edition_now__in=wanted).values_list("edition_now", flat=True))
    seats = Edition.objects.filter(pk__in=wanted).values_list("pk", "seats")
    frame = pd.DataFrame(
        [(f"e{pk}", max(0, total - taken[pk])) for pk, total in seats],
        columns=["edition_id", "seats"],
    )
    return frame.sort_values("edition_id").reset_index(drop=True)


def _pools(round: Round) -> pd.DataFrame:
    rows = [
        (pool.account.code, to_cents(pool.amount), pool.account.earmark_column,
         pool.account.earmark_equals)
        for pool in round.pools.select_related("account")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["pool_id", "amount_cents", "column", "equals"])


def _contributions(round: Round) -> pd.DataFrame:
    paid = contributions.paid_in_by_sector(round.fund)
    return pd.DataFrame(sorted(paid.items()), columns=["value", "amount_cents"])


def _csv(frame: pd.DataFrame | None) -> str:
    return "" if frame is None else frame.to_csv(index=False, lineterminator="\n")


def _frame(text: str) -> pd.DataFrame | None:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False) if text else None
