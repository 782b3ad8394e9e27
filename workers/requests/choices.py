"""The ranked choices of a draft and what each costs."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from djmoney.money import Money

from budgetpool.money import from_cents, to_cents
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register.models import Edition, Provider, Training
from budgetpool.users.models import User
from workers.models import AdviserInterest, Choice, CostLine, TrainingRequest, Window
from workers.models.requests import CHOICES_MAX
from workers.requests.drafts import editable, noted
from workers.requests.norms import norm_of

Kind = CostLine.Kind
GAP_YEAR: Final = "Tussenjaar als trainee"  # what a search finds; `Choice.title` is what is shown


@transaction.atomic
def choose(
    *,
    actor: User,
    request: TrainingRequest,
    training: Training,
    edition: Edition | None = None,
    organisation: str = "",
) -> Choice:
    """Add a training of the register as the next choice, with the register's price as cost lines.

    Raises:
        NotYours, WrongState, WindowClosed: see `drafts.editable`.
        NotOnOffer: the training is closed, its provider is not admitted, or the edition is not
            one of this training.
        StartsTooEarly: the edition begins before everybody who is awarded has answered.
        OwnInterest: an adviser with a tie to this provider.
        ChosenAlready, TooManyChoices.
    """
    request = editable(actor=actor, request=request, organisation=organisation)
    require_on_offer(training, edition)
    if edition is not None:
        require_start(request.window, edition.starts_on)
    if request.worker.user_id != actor.pk:
        refuse_own_interest(actor, training.provider)
    if request.choices.filter(training=training, edition=edition).exists():
        raise NotReady("chosen_already", training=training.title)
    choice = Choice(request=request, rank=_next_rank(request), training=training, edition=edition)
    choice.full_clean()
    choice.save()
    CostLine.objects.bulk_create(
        CostLine(choice=choice, kind=kind, amount=from_cents(cents))
        for kind, cents in catalogue_cents(training).items()
        if cents
    )
    noted(
        actor=actor,
        request=request,
        action="request.choice_added",
        rank=choice.rank,
        training=training.pk,
        edition=edition.pk if edition else None,
    )
    request.save(update_fields=["saved_at"])
    return choice


@transaction.atomic
def propose(
    *,
    actor: User,
    request: TrainingRequest,
    title: str,
    provider: str,
    start: date | None,
    price: Money,
    organisation: str = "",
) -> Choice:
    """Add a training that the register does not have; the counter looks at it before the round.

    Who sends the same again, because the answer got lost, gets the choice that is there already.

    Raises:
        NotYours, WrongState, WindowClosed, TooManyChoices: see `choose`.
        StartsTooEarly, AboveNorm: a start or an amount that cannot be asked for.
        ValidationError: a text that its field refuses.
    """
    request = editable(actor=actor, request=request, organisation=organisation)
    if start is not None:
        require_start(request.window, start)
    require_norm(Kind.TRAINING, to_cents(price))
    wish = {"proposed_title": title, "proposed_provider": provider, "proposed_start": start}
    if there := _there_already(request, wish, {Kind.TRAINING: to_cents(price)}):
        return there
    choice = Choice(request=request, rank=_next_rank(request), **wish)
    choice.full_clean()
    choice.save()
    CostLine.objects.create(choice=choice, kind=Kind.TRAINING, amount=price)
    noted(
        actor=actor,
        request=request,
        action="request.choice_added",
        rank=choice.rank,
        proposed=True,
    )
    request.save(update_fields=["saved_at"])
    return choice


@transaction.atomic
def propose_gap_year(
    *,
    actor: User,
    request: TrainingRequest,
    host: str,
    start: date,
    months: int,
    living: Money,
    guidance: Money | None = None,
) -> Choice:
    """Add a gap year as a trainee: some months of learning at work, with its own costs.

    Who sends the same again, because the answer got lost, gets the choice that is there already.

    Args:
        host: the name of who takes the person in.
        months: 3 to 12.
        living: what the person needs to live on, per month; kept as lost wages.
        guidance: what the place asks for lessons and guidance, all months together.

    Raises:
        NotYours, WrongState, WindowClosed, TooManyChoices: see `choose`.
        StartsTooEarly, AboveNorm: a start or an amount that cannot be asked for.
        ValidationError: another number of months, or a text that its field refuses.
    """
    request = editable(actor=actor, request=request)
    require_start(request.window, start)
    asked = {Kind.WAGE_LOSS: to_cents(living) * months}
    asked[Kind.TRAINING] = to_cents(guidance) if guidance else 0
    wish = {
        "proposed_title": GAP_YEAR,
        "proposed_provider": host.strip(),
        "proposed_start": start,
        "months": months,
    }
    if there := _there_already(request, wish, asked):
        return there
    choice = Choice(request=request, rank=_next_rank(request), **wish)
    choice.full_clean()
    choice.save()
    for kind, cents in asked.items():
        require_norm(kind, cents, months=months)
        if cents:
            CostLine.objects.create(choice=choice, kind=kind, amount=from_cents(cents))
    noted(
        actor=actor,
        request=request,
        action="request.choice_added",
        rank=choice.rank,
        proposed=True,
        months=months,
    )
    request.save(update_fields=["saved_at"])
    return choice


@transaction.atomic
def drop(*, actor: User, choice: Choice, organisation: str = "") -> None:
    """Take a choice away; the later ones move up."""
    request = editable(actor=actor, request=choice.request, organisation=organisation)
    choice.delete()
    _renumber(request, list(request.choices.order_by("rank")))
    noted(actor=actor, request=request, action="request.choice_dropped", rank=choice.rank)
    request.save(update_fields=["saved_at"])


@transaction.atomic
def move(*, actor: User, choice: Choice, rank: int, organisation: str = "") -> None:
    """Give a choice another rank; the others keep their order around it."""
    request = editable(actor=actor, request=choice.request, organisation=organisation)
    ordered = list(request.choices.order_by("rank"))
    moved = next(one for one in ordered if one.pk == choice.pk)
    ordered.remove(moved)
    ordered.insert(max(1, min(rank, len(ordered) + 1)) - 1, moved)
    _renumber(request, ordered)
    noted(actor=actor, request=request, action="request.choices_ordered")
    request.save(update_fields=["saved_at"])


@transaction.atomic
def set_cost(
    *, actor: User, choice: Choice, kind: str, amount: Money | None, organisation: str = ""
) -> None:
    """Write, change or (with None or zero) take away one cost line of a choice.

    What the provider charges is never more than the register says.

    Raises:
        NotYours, WrongState, WindowClosed: see `drafts.editable`.
        AboveCataloguePrice: training, exam or books above the register's price.
        AboveNorm: more than anybody can ask for this kind.
        ValidationError: an unknown kind, or an amount below zero.
    """
    request = editable(actor=actor, request=choice.request, organisation=organisation)
    cents = 0 if amount is None else to_cents(amount)
    if choice.training is not None:
        require_price(choice.training, kind, cents)
    else:
        require_norm(kind, cents, months=choice.months)
    line = choice.cost_lines.filter(kind=kind).first() or CostLine(choice=choice, kind=kind)
    if cents == 0:
        if line.pk:
            line.delete()
    else:
        line.amount = from_cents(cents)
        line.full_clean()
        line.save()
    noted(
        actor=actor,
        request=request,
        action="request.cost_set",
        rank=choice.rank,
        kind=kind,
        amount_cents=cents,
    )
    request.save(update_fields=["saved_at"])


def require_on_offer(training: Training, edition: Edition | None) -> None:
    """Refuse a training that cannot be asked for, or an edition of another one."""
    if (
        not training.is_open
        or training.provider.status != Provider.Status.ADMITTED
        or (edition is not None and edition.training_id != training.pk)
    ):
        raise NotReady("not_on_offer", training=training.title)


def require_price(training: Training, kind: str, cents: int) -> None:
    """Refuse more than the register says that the provider charges, or than a norm allows."""
    most = catalogue_cents(training).get(kind)
    if most is None:
        require_norm(kind, cents)
    elif cents > most:
        raise NotReady("above_catalogue_price", kind=kind, amount_cents=cents, price_cents=most)


def require_start(window: Window, starts_on: date) -> None:
    """Refuse a start before everybody who is awarded has said yes or no."""
    first = window.first_start
    if starts_on < first:
        raise NotReady(
            "starts_too_early", starts_on=starts_on.isoformat(), first_on=first.isoformat()
        )


def require_norm(kind: str, cents: int, *, months: int | None = None) -> None:
    """Refuse more than anybody can ask for this kind of cost, in a gap year per its months."""
    norm = norm_of(kind, months=months)
    if norm is not None and cents > norm.most:
        raise NotReady("above_norm", kind=kind, amount_cents=cents, most_cents=norm.most)


def catalogue_cents(training: Training) -> dict[str, int]:
    """The register's price of a training, split in its parts, in cents."""
    exam, books = to_cents(training.exam_price), to_cents(training.books_price)
    return {
        Kind.TRAINING: to_cents(training.price) - exam - books,
        Kind.EXAM: exam,
        Kind.BOOKS: books,
    }


def refuse_own_interest(adviser: User, provider: Provider) -> None:
    """Refuse an adviser who declared a tie with the provider."""
    if AdviserInterest.objects.filter(
        adviser=adviser, provider=provider, ended_on__isnull=True
    ).exists():
        raise NotAllowed("own_interest", provider=provider.name)


def _there_already(
    request: TrainingRequest, wish: dict[str, Any], cents: dict[Kind, int]
) -> Choice | None:
    """The own proposal of this request with exactly these words and amounts."""
    wanted = {kind: amount for kind, amount in cents.items() if amount}
    for choice in request.choices.filter(training=None, **wish).prefetch_related("cost_lines"):
        if {line.kind: to_cents(line.amount) for line in choice.cost_lines.all()} == wanted:
            return choice
    return None


def _next_rank(request: TrainingRequest) -> int:
    taken = request.choices.count()
    if taken >= CHOICES_MAX:
        raise NotReady("too_many_choices", most=CHOICES_MAX)
    return taken + 1


@dataclass(frozen=True)
class _Wish:
    """What a choice asks, apart from its rank."""

    fields: dict[str, object]
    lines: list[tuple[str, Money]]


def _renumber(request: TrainingRequest, ordered: list[Choice]) -> None:
    """Write the choices again as 1, 2, 3: ranks are unique, so they cannot be swapped in place."""
    wishes = [
        _Wish(
            {
                "training_id": choice.training_id,
                "edition_id": choice.edition_id,
                "proposed_title": choice.proposed_title,
                "proposed_provider": choice.proposed_provider,
                "proposed_start": choice.proposed_start,
                "months": choice.months,
            },
            [(line.kind, line.amount) for line in choice.cost_lines.all()],
        )
        for choice in ordered
    ]
    request.choices.all().delete()
    for rank, wish in enumerate(wishes, start=1):
        choice = Choice.objects.create(request=request, rank=rank, **wish.fields)
        CostLine.objects.bulk_create(
            CostLine(choice=choice, kind=kind, amount=amount) for kind, amount in wish.lines
        )
