"""Take a round for writing: the row is locked until the transaction ends."""

from allocation.models import Round


def locked(round: Round) -> Round:
    """The round as the database has it now, locked; call inside a transaction.

    Two people who press the same button wait for each other here, and the second finds the
    state that the first left behind.
    """
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("fund__region", "policy", "window")
        .get(pk=round.pk)
    )
