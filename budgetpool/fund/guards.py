"""Triggers that keep the totals of accounts, on SQLite and on PostgreSQL.

Each transfer is added to both accounts' totals and to their day totals in its own transaction;
the check constraints on the totals then refuse an overdraft, also one asked for in raw SQL. On
PostgreSQL the trigger runs once per statement: a total that is updated row by row within one
transaction takes time that grows with the square of the rows.

A later migration that alters `fund_transfer` or `fund_account` on SQLite rebuilds the table and
loses its triggers: such a migration takes the guard away first and sets it again afterwards.
`check_ledger` reports a guard that is missing.
"""

from typing import Any

from budgetpool.immutability import Guard

SQLITE_CREATE = {
    "ledger_transfer_shape": """
        CREATE TRIGGER ledger_transfer_shape BEFORE INSERT ON fund_transfer
        BEGIN
            SELECT RAISE(ABORT, 'transfer_whole_cents: an amount is a whole number of cents')
            WHERE typeof(NEW.amount_cents) <> 'integer';
            SELECT RAISE(ABORT, 'transfer_same_fund: both accounts belong to the fund')
            WHERE (
                SELECT COUNT(*) FROM fund_account
                WHERE id IN (NEW.debit_id, NEW.credit_id) AND fund_id = NEW.fund_id
            ) <> 2 AND NEW.debit_id <> NEW.credit_id;
        END""",
    "ledger_transfer_totals": """
        CREATE TRIGGER ledger_transfer_totals AFTER INSERT ON fund_transfer
        BEGIN
            UPDATE fund_account SET debits_cents = debits_cents + NEW.amount_cents
            WHERE id = NEW.debit_id;
            UPDATE fund_account SET credits_cents = credits_cents + NEW.amount_cents
            WHERE id = NEW.credit_id;
            INSERT INTO fund_accountday (account_id, day, debits_cents, credits_cents)
            VALUES (NEW.debit_id, date(NEW.booked_at), NEW.amount_cents, 0),
                   (NEW.credit_id, date(NEW.booked_at), 0, NEW.amount_cents)
            ON CONFLICT (account_id, day) DO UPDATE SET
                debits_cents = debits_cents + excluded.debits_cents,
                credits_cents = credits_cents + excluded.credits_cents;
        END""",
    # A stale row that is saved would carry old totals back; only the newest transfer may add.
    "ledger_account_totals": """
        CREATE TRIGGER ledger_account_totals
        BEFORE UPDATE OF debits_cents, credits_cents ON fund_account
        WHEN (NEW.debits_cents <> OLD.debits_cents OR NEW.credits_cents <> OLD.credits_cents)
            AND NOT EXISTS (
                SELECT 1 FROM fund_transfer
                WHERE id = (SELECT MAX(id) FROM fund_transfer)
                AND NEW.debits_cents - OLD.debits_cents
                    = CASE WHEN debit_id = NEW.id THEN amount_cents ELSE 0 END
                AND NEW.credits_cents - OLD.credits_cents
                    = CASE WHEN credit_id = NEW.id THEN amount_cents ELSE 0 END
            )
        BEGIN
            SELECT RAISE(ABORT, 'account_totals: only transfers change the totals of an account');
        END""",
    "ledger_account_fixed": """
        CREATE TRIGGER ledger_account_fixed
        BEFORE UPDATE OF id, fund_id, kind, code ON fund_account
        WHEN NEW.id <> OLD.id OR NEW.fund_id <> OLD.fund_id
            OR NEW.kind <> OLD.kind OR NEW.code <> OLD.code
        BEGIN
            SELECT RAISE(ABORT, 'account_fixed: an account keeps its fund, kind and code');
        END""",
    "ledger_account_stays": """
        CREATE TRIGGER ledger_account_stays BEFORE DELETE ON fund_account
        BEGIN
            SELECT RAISE(ABORT, 'account_stays: accounts are never removed');
        END""",
    "ledger_account_opens_empty": """
        CREATE TRIGGER ledger_account_opens_empty BEFORE INSERT ON fund_account
        WHEN NEW.debits_cents <> 0 OR NEW.credits_cents <> 0
        BEGIN
            SELECT RAISE(ABORT, 'account_totals: only transfers change the totals of an account');
        END""",
}

POSTGRES_FUNCTIONS = {
    "ledger_add_to_totals": """
        CREATE FUNCTION ledger_add_to_totals() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM fresh
                JOIN fund_account debit ON debit.id = fresh.debit_id
                JOIN fund_account credit ON credit.id = fresh.credit_id
                WHERE debit.fund_id <> fresh.fund_id OR credit.fund_id <> fresh.fund_id
            ) THEN
                RAISE EXCEPTION 'transfer_same_fund: both accounts belong to the fund'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_same_fund';
            END IF;

            -- In the order of their keys, as the ledger itself locks them.
            PERFORM 1 FROM fund_account
            WHERE id IN (SELECT debit_id FROM fresh UNION SELECT credit_id FROM fresh)
            ORDER BY id FOR NO KEY UPDATE;

            UPDATE fund_account account
            SET debits_cents = account.debits_cents + side.debits,
                credits_cents = account.credits_cents + side.credits
            FROM (
                SELECT id, SUM(debits) AS debits, SUM(credits) AS credits FROM (
                    SELECT debit_id AS id, amount_cents AS debits, 0 AS credits FROM fresh
                    UNION ALL
                    SELECT credit_id, 0, amount_cents FROM fresh
                ) sides GROUP BY id
            ) side
            WHERE account.id = side.id;

            INSERT INTO fund_accountday AS known (account_id, day, debits_cents, credits_cents)
            SELECT id, day, SUM(debits), SUM(credits) FROM (
                SELECT debit_id AS id, (booked_at AT TIME ZONE 'UTC')::date AS day,
                       amount_cents AS debits, 0 AS credits FROM fresh
                UNION ALL
                SELECT credit_id, (booked_at AT TIME ZONE 'UTC')::date, 0, amount_cents FROM fresh
            ) sides GROUP BY id, day ORDER BY id, day
            ON CONFLICT (account_id, day) DO UPDATE
            SET debits_cents = known.debits_cents + excluded.debits_cents,
                credits_cents = known.credits_cents + excluded.credits_cents;
            RETURN NULL;
        END $$""",
    "ledger_keep_day": """
        CREATE FUNCTION ledger_keep_day() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF pg_trigger_depth() < 2 THEN
                RAISE EXCEPTION 'account_totals: only transfers change the totals of a day'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$""",
    "ledger_keep_account": """
        CREATE FUNCTION ledger_keep_account() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.debits_cents <> 0 OR NEW.credits_cents <> 0 THEN
                    RAISE EXCEPTION
                        'account_totals: only transfers change the totals of an account'
                    USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END IF;
            IF TG_OP <> 'UPDATE' THEN
                RAISE EXCEPTION 'account_stays: accounts are never removed'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF (NEW.id, NEW.fund_id, NEW.kind, NEW.code)
               IS DISTINCT FROM (OLD.id, OLD.fund_id, OLD.kind, OLD.code) THEN
                RAISE EXCEPTION 'account_fixed: an account keeps its fund, kind and code'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF (NEW.debits_cents, NEW.credits_cents)
               IS DISTINCT FROM (OLD.debits_cents, OLD.credits_cents)
               AND pg_trigger_depth() < 2 THEN
                RAISE EXCEPTION 'account_totals: only transfers change the totals of an account'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$""",
}

POSTGRES_TRIGGERS = {
    "ledger_transfer_totals": """
        CREATE TRIGGER ledger_transfer_totals AFTER INSERT ON fund_transfer
        REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_add_to_totals()""",
    "ledger_account_fixed": """
        CREATE TRIGGER ledger_account_fixed BEFORE INSERT OR UPDATE OR DELETE ON fund_account
        FOR EACH ROW EXECUTE FUNCTION ledger_keep_account()""",
    "ledger_day_totals": """
        CREATE TRIGGER ledger_day_totals
        AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON fund_accountday
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_day()""",
    "ledger_account_stays": """
        CREATE TRIGGER ledger_account_stays BEFORE TRUNCATE ON fund_account
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_account()""",
}
POSTGRES_TABLES = {
    "ledger_transfer_totals": "fund_transfer",
    "ledger_account_fixed": "fund_account",
    "ledger_day_totals": "fund_accountday",
    "ledger_account_stays": "fund_account",
}


class GuardTheLedger(Guard):
    """A migration operation: from now on the database keeps totals and refuses overdrafts."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for statement in _create(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for statement in _drop(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return "Keep the totals of accounts and refuse overdrafts in the database"


def _create(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return list(SQLITE_CREATE.values())
    return [*POSTGRES_FUNCTIONS.values(), *POSTGRES_TRIGGERS.values()]


def _drop(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name in SQLITE_CREATE]
    return [
        *(f"DROP TRIGGER {name} ON {table}" for name, table in POSTGRES_TABLES.items()),
        *(f"DROP FUNCTION {name}()" for name in POSTGRES_FUNCTIONS),
    ]
