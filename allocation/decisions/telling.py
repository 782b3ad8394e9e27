"""Messages about the course of an award: to the people of its school, and to the person.

A name of a learner never stands in an e-mail to a school.
"""

from typing import Any

from allocation.models import Award
from allocation.rules import courses
from budgetpool.fund.models import Fund
from budgetpool.mail import outbox
from budgetpool.mail.outbox import Address
from budgetpool.register import seats
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from workers import letters
from workers.models import TrainingRequest


def tell_school(*, provider: Provider, kind: str, key: str, params: dict[str, Any]) -> int:
    """Queue one message to each person who sits at a school.

    Returns:
        How many people were reached; none where nobody sits there: the counter sees that.
    """
    people = seats.people_of(provider)
    for user in people:
        outbox.queue(
            key=f"{key}:{user.pk}",
            kind=kind,
            to=address(user),
            params={"school": provider.name, "provider_id": provider.pk, **params},
        )
    return len(people)


def tell_school_about(award: Award, *, kind: str, key: str = "", **params: Any) -> int:
    """Tell the school of an award's present training something about this award.

    Args:
        key: what happened, where it can happen more than once for an award.
    """
    training, edition = courses.of(award)
    if training is None:
        return 0
    fund = Fund.objects.get(rounds=award.round_id)
    place = getattr(award, "place", None)
    return tell_school(
        provider=training.provider,
        kind=kind,
        key=f"award:{award.pk}:{kind}:{key}" if key else f"award:{award.pk}:{kind}",
        params={
            "award_id": award.pk,
            "reference": award.request.reference,
            "training": training.title,
            "starts_on": edition.starts_on.isoformat() if edition else "",
            "is_shared": bool(place and place.is_shared),
            "fund": fund.name,
            "fund_phone": fund.contact_phone,
            **params,
        },
    )


def tell_person(award: Award, *, kind: str, key: str = "", **params: Any) -> None:
    """Tell the person of an award something about its course.

    Args:
        key: as for `tell_school_about`.
    """
    request = TrainingRequest.objects.with_choices().get(pk=award.request_id)
    training, edition = courses.of(award)
    outbox.queue(
        key=f"award:{award.pk}:{kind}:{key}" if key else f"award:{award.pk}:{kind}",
        kind=kind,
        to=letters.address(request.worker),
        params={
            **letters.params(request),
            "training": training.title if training else award.choice.title,
            "school": training.provider.name if training else award.choice.provider_name,
            "starts_on": edition.starts_on.isoformat() if edition else "",
            "place": edition.place if edition else "",
            **params,
        },
    )


def address(user: User) -> Address:
    """How a person at a school is reached."""
    return Address(
        name=user.name, email=user.email, phone=user.phone, language=user.language, user=user
    )
