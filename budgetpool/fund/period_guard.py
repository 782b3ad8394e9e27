"""A trigger that refuses every transfer that counts in a closed month, whoever writes it."""

from typing import Any

from budgetpool.immutability import Guard

MESSAGE = "period_closed: the month of this value date is closed"
# A closing counts until the same day is opened again by a later step.
CLOSED = """
    SELECT 1 FROM fund_periodstep closing
    WHERE closing.fund_id = {transfer}.fund_id AND closing.kind = 'close'
      AND closing.approved_at IS NOT NULL AND closing.until >= {transfer}.value_date
      AND NOT EXISTS (
          SELECT 1 FROM fund_periodstep opening
          WHERE opening.fund_id = closing.fund_id AND opening.kind = 'reopen'
            AND opening.approved_at IS NOT NULL AND opening.until = closing.until
            AND opening.id > closing.id
      )
"""
POSTGRES_FUNCTION = """
    CREATE FUNCTION ledger_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM fresh WHERE EXISTS ({closed})) THEN
            RAISE EXCEPTION '{message}'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_closed';
        END IF;
        RETURN NULL;
    END $$
"""


class KeepClosedMonths(Guard):
    """A migration operation: from now on nothing is booked into a closed month."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                "CREATE TRIGGER ledger_transfer_period BEFORE INSERT ON fund_transfer "
                f"WHEN EXISTS ({CLOSED.format(transfer='NEW')}) "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            return
        closed = CLOSED.format(transfer="fresh")
        schema_editor.execute(POSTGRES_FUNCTION.format(closed=closed, message=MESSAGE))
        schema_editor.execute(
            "CREATE TRIGGER ledger_transfer_period AFTER INSERT ON fund_transfer "
            "REFERENCING NEW TABLE AS fresh "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_closed()"
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute("DROP TRIGGER ledger_transfer_period")
        else:
            schema_editor.execute("DROP TRIGGER ledger_transfer_period ON fund_transfer")
            schema_editor.execute("DROP FUNCTION ledger_refuse_closed()")

    def describe(self) -> str:
        return "Refuse transfers into closed months"
