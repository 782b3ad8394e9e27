"""What was sent, as it was sent: to read, to download, and to fall back on."""

from datetime import date
from typing import Any, Final

from djmoney.money import Money

from budgetpool.money import from_cents, to_cents
from workers.around import strengths
from workers.models import Choice, CostLine, TrainingRequest

FACTS: Final = (
    "name",
    "birth_date",
    "municipality",
    "email",
    "phone",
    "address",
    "contract",
    "sector",
    "education",
    "training_hours_two_years",
    "has_study_finance",
)


def copy_of(request: TrainingRequest) -> dict[str, Any]:
    """Every answer of a request at this moment; JSON values only."""
    facts = {name: getattr(request.worker, name) for name in FACTS}
    born = facts["birth_date"]
    return {
        "facts": facts | {"birth_date": born.isoformat() if born else None},
        "goal": request.goal,
        "strengths": strengths.to_send(request.worker),
        "choices": [_choice(choice) for choice in request.choices.all()],
        "files": [document.name for document in request.documents.all()],
    }


def restore(request: TrainingRequest) -> None:
    """Put the choices and the goal of the sent version back, and facts that are empty now.

    What somebody says of themselves stays as they said it last: a fact is true or it is not, and
    only an answer that was emptied comes back.
    """
    kept = request.sent_copy
    if not kept:
        return
    worker = request.worker
    missing = [name for name in FACTS if getattr(worker, name) in ("", None)]
    for name in missing:
        value = kept["facts"][name]
        is_day = name == "birth_date" and value is not None
        setattr(worker, name, date.fromisoformat(value) if is_day else value)
    if missing:
        worker.save()
    request.goal = kept["goal"]
    request.choices.all().delete()
    for row in kept["choices"]:
        _make(request, row)


def amount_of(row: dict[str, Any]) -> Money:
    """What one choice of a copy asks."""
    return from_cents(sum(line["cents"] for line in row["lines"]))


def _choice(choice: Choice) -> dict[str, Any]:
    starts_on = choice.starts_on
    return {
        "rank": choice.rank,
        "training": choice.training_id,
        "edition": choice.edition_id,
        "title": choice.title,
        "proposed": choice.proposed_title,
        "provider": choice.provider_name,
        "months": choice.months,
        "starts_on": starts_on.isoformat() if starts_on else None,
        "lines": [
            {"kind": line.kind, "cents": to_cents(line.amount)} for line in choice.cost_lines.all()
        ],
    }


def _make(request: TrainingRequest, row: dict[str, Any]) -> None:
    own = row["training"] is None
    choice = Choice.objects.create(
        request=request,
        rank=row["rank"],
        training_id=row["training"],
        edition_id=row["edition"],
        proposed_title=row.get("proposed", row["title"]) if own else "",
        months=row.get("months"),
        proposed_provider=row["provider"] if own else "",
        proposed_start=date.fromisoformat(row["starts_on"]) if own and row["starts_on"] else None,
    )
    CostLine.objects.bulk_create(
        CostLine(choice=choice, kind=line["kind"], amount=from_cents(line["cents"]))
        for line in row["lines"]
    )
