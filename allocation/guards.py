"""Triggers of this app's tables.

A frozen policy stays as it was published; a draw stays as it was announced and filled in; and no
round is cancelled, drawn, signed or published without two people.
"""

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


class NeedTwoPeople(Guard):
    """A migration operation: the database counts the people behind a round's turns itself.

    What the table of a round's life asks two people for is refused without them, whoever writes;
    and the draw's source, day and form stay as they were when the round opened.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for name, refused, message in TURNS:
                schema_editor.execute(
                    f"CREATE TRIGGER allocation_round_{name} BEFORE UPDATE ON allocation_round "
                    f"WHEN {refused.replace('IS DISTINCT FROM', 'IS NOT')} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
            return
        checks = " ".join(
            f"IF {refused} THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            for _name, refused, message in TURNS
        )
        schema_editor.execute(
            "CREATE FUNCTION allocation_round_turns() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {checks} RETURN NEW; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER allocation_round_turns BEFORE UPDATE ON allocation_round "
            "FOR EACH ROW EXECUTE FUNCTION allocation_round_turns()"
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for name, _refused, _message in TURNS:
                schema_editor.execute(f"DROP TRIGGER allocation_round_{name}")
        else:
            schema_editor.execute("DROP TRIGGER allocation_round_turns ON allocation_round")
            schema_editor.execute("DROP FUNCTION allocation_round_turns()")

    @staticmethod
    def trigger_names(vendor: str) -> list[str]:
        """The triggers that guard the table of rounds."""
        if vendor == "sqlite":
            return [f"allocation_round_{name}" for name, _refused, _message in TURNS]
        return ["allocation_round_turns"]

    def describe(self) -> str:
        return "Ask two people for the turns of a round"


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
_FORM = ("seed_source", "draw_on", "draw_count", "draw_lowest", "draw_highest", "draw_order")
# Name, what is refused, and the words of the refusal.
TURNS = [
    (
        "cancels_two",
        "NEW.status = 'cancelled' AND OLD.status <> 'cancelled' AND "
        + _CONSENTS.format(step="cancel", said="p.said = ''")
        + " < 2",
        "a round is cancelled by two people",
    ),
    (
        "draws_two",
        "NEW.draw_outcome <> OLD.draw_outcome AND "
        + _CONSENTS.format(step="record_draw", said="p.said = NEW.draw_outcome")
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
]
