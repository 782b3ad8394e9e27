from django.db import migrations

from budgetpool.immutability import LetOldValuesGo


class Migration(migrations.Migration):
    """Bank accounts and names of payments go seven years after the year of the last one."""

    dependencies = [("allocation", "0009_plain_digits")]

    operations = [
        LetOldValuesGo(
            "payee",
            kept=[
                "fund",
                "provider",
                "worker",
                "iban",
                "holder_name",
                "entered_by",
                "entered_at",
                "verified_by",
                "ended_at",
            ],
            emptied=["iban", "holder_name"],
            when={
                "sqlite": "OLD.entered_at < datetime('now', '-2557 days')",
                "postgresql": "OLD.entered_at < now() - interval '2557 days'",
            },
        ),
        LetOldValuesGo(
            "paymentbatch",
            kept=[
                "fund",
                "paid_from",
                "message_id",
                "execution_on",
                "payments_count",
                "total_cents",
                "xml",
                "xml_sha256",
                "made_by",
                "approved_by",
                "withdrawn_by",
            ],
            emptied=["xml"],
            when={
                "sqlite": "OLD.execution_on < date('now', '-2557 days')",
                "postgresql": "OLD.execution_on < current_date - 2557",
            },
        ),
    ]
