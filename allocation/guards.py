"""Triggers of this app's tables.

A frozen policy stays as it was published; a draw stays as it was announced and filled in; no round
is cancelled, drawn, signed, published, sent back or finished without two people; and no request is
given or withheld without them.
"""

from collections.abc import Sequence
from typing import Any

from budgetpool.immutability import Guard


class KeepFrozenPolicies(Guard):
    """A migration operation: a policy with `frozen_at` is never changed or removed any more."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
        for statement in statements:
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute("DROP TRIGGER allocation_policy_frozen_update")
            schema_editor.execute("DROP TRIGGER allocation_policy_frozen_delete")
        else:
            schema_editor.execute("DROP TRIGGER allocation_policy_frozen ON allocation_policy")
            schema_editor.execute("DROP FUNCTION allocation_policy_frozen()")

    def describe(self) -> str:
        return "Keep frozen policies as they were published"


MESSAGE = "a frozen policy is never changed or removed"
SQLITE = [
    f"CREATE TRIGGER allocation_policy_frozen_{verb.lower()} BEFORE {verb} ON allocation_policy "
    f"WHEN OLD.frozen_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    "CREATE FUNCTION allocation_policy_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE TRIGGER allocation_policy_frozen BEFORE UPDATE OR DELETE ON allocation_policy "
    "FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION allocation_policy_frozen()",
]


type Turn = tuple[str, str, str]


_CONSENTS = (
    "(SELECT COUNT(DISTINCT p.member_id) FROM allocation_consent p WHERE p.round_id = OLD.id "
    "AND p.step = '{step}' AND p.status = OLD.status AND p.withdrawn_at IS NULL AND {said} "
    "AND NOT EXISTS (SELECT 1 FROM allocation_interest i "
    "WHERE i.round_id = OLD.id AND i.member_id = p.member_id))"
)
_SIGNATURES = (
    "(SELECT COUNT(DISTINCT p.signer_id) FROM allocation_signature p WHERE p.round_id = OLD.id "
    "AND p.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM allocation_interest i "
    "WHERE i.round_id = OLD.id AND i.member_id = p.signer_id))"
)
_RECUSED = (
    "EXISTS (SELECT 1 FROM allocation_signature p JOIN allocation_interest i "
    "ON i.round_id = p.round_id AND i.member_id = p.signer_id "
    "WHERE p.round_id = OLD.id AND p.withdrawn_at IS NULL)"
)
_UNUSED = "p.used_at IS NULL AND "
_PROPOSED = "(SELECT s.sha256 FROM allocation_scenario s WHERE s.id = OLD.proposal_id)"
_ABOUT = (
    "(SELECT COUNT(DISTINCT p.member_id) FROM allocation_consent p "
    "JOIN allocation_round r ON r.id = p.round_id AND r.status = p.status "
    "WHERE p.round_id = NEW.round_id AND p.request_id = NEW.request_id AND p.step = '{step}' "
    "AND p.withdrawn_at IS NULL AND p.used_at IS NULL AND {said} "
    "AND NOT EXISTS (SELECT 1 FROM allocation_interest i "
    "WHERE i.round_id = p.round_id AND i.member_id = p.member_id))"
)
_FORM = ("seed_source", "draw_on", "draw_count", "draw_lowest", "draw_highest", "draw_order")


# Name, what is refused, and the words of the refusal. What a migration made stays as it was.
TURNS: list[Turn] = [
    (
        "cancels_two",
        "NEW.status = 'cancelled' AND OLD.status <> 'cancelled' AND "
        + _CONSENTS.format(step="cancel", said=_UNUSED + "p.said = ''")
        + " < 2",
        "a round is cancelled by two people",
    ),
    (
        "draws_two",
        "NEW.draw_outcome <> OLD.draw_outcome AND "
        + _CONSENTS.format(step="record_draw", said=_UNUSED + "p.said = NEW.draw_outcome")
        + " < 2",
        "a draw is filled in by two people alike",
    ),
    (
        "draws_once",
        "OLD.draw_outcome <> '' AND NEW.draw_outcome <> OLD.draw_outcome",
        "a draw is filled in once",
    ),
    (
        "signs_two",
        "NEW.status IN ('signed', 'published') AND NEW.status <> OLD.status AND "
        + _SIGNATURES
        + " < 2",
        "a round is signed by two people",
    ),
    (
        "keeps_form",
        "OLD.status <> 'draft' AND ("
        + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FORM)
        + ")",
        "the draw of an open round stays as it was announced",
    ),
    (
        "goes_back_two",
        "NEW.status = 'closed' AND OLD.status IN ('proposed', 'signed') AND "
        + _CONSENTS.format(step="send_back", said=f"{_UNUSED}p.said = {_PROPOSED}")
        + f" < 2 AND NOT {_RECUSED}",
        "a proposal is sent back by two people",
    ),
    (
        "finishes_two",
        "NEW.status = 'finished' AND OLD.status <> 'finished' AND "
        + _CONSENTS.format(step="finish", said=_UNUSED + "p.said = ''")
        + " < 2",
        "a round is finished by two people",
    ),
]
GIFTS: list[Turn] = [
    (
        "gives_two",
        _ABOUT.format(step="adjust", said="p.said = NEW.kind AND p.reason = NEW.reason") + " < 2",
        "a request is given or withheld by two people alike",
    )
]
GIFTS_UNDONE: list[Turn] = [
    (
        "undoes_two",
        "OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND "
        + _ABOUT.format(step="undo_adjust", said="p.said = CAST(OLD.id AS TEXT)")
        + " < 2",
        "a decision on a request is taken back by two people",
    )
]


class NeedTwoPeople(Guard):
    """A migration operation: the database counts the people behind a round's turns itself.

    What the table of a round's life asks two people for is refused without them, whoever writes;
    and the draw's source, day and form stay as they were when the round opened.

    Args:
        turns: what is refused when a row is written.
        table: of which table.
        verb: when a row is added (`INSERT`) or changed (`UPDATE`).
    """

    def __init__(
        self,
        turns: Sequence[Turn],
        *,
        table: str = "allocation_round",
        verb: str = "UPDATE",
    ) -> None:
        self.turns, self.table, self.verb = turns, table, verb

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._make(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._drop(schema_editor)

    def trigger_names(self, vendor: str) -> list[str]:
        """The triggers that this makes."""
        if vendor == "sqlite":
            return [f"{self.table}_{name}" for name, _refused, _message in self.turns]
        return [f"{self.table}_{'turns' if self.verb == 'UPDATE' else 'begins'}"]

    def describe(self) -> str:
        return f"Ask two people for the turns of {self.table}"

    def _make(self, schema_editor: Any) -> None:
        on = f"BEFORE {self.verb} ON {self.table}"
        if schema_editor.connection.vendor == "sqlite":
            for name, refused, message in self.turns:
                schema_editor.execute(
                    f"CREATE TRIGGER {self.table}_{name} {on} "
                    f"WHEN {refused.replace('IS DISTINCT FROM', 'IS NOT')} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
            return
        checks = " ".join(
            f"IF {refused} THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            for _name, refused, message in self.turns
        )
        (name,) = self.trigger_names("postgresql")
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {checks} RETURN NEW; END $$"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} {on} FOR EACH ROW EXECUTE FUNCTION {name}()")

    def _drop(self, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for name in self.trigger_names(vendor):
            if vendor == "sqlite":
                schema_editor.execute(f"DROP TRIGGER {name}")
            else:
                schema_editor.execute(f"DROP TRIGGER {name} ON {self.table}")
                schema_editor.execute(f"DROP FUNCTION {name}()")
