from django.db import migrations

from budgetpool.immutability import ForbidChanges, KeepColumns


class Migration(migrations.Migration):
    dependencies = [("allocation", "0003_payouts")]

    operations = [
        KeepColumns(
            "payee",
            [
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
        ),
        KeepColumns(
            "invoice",
            ["award", "provider", "number", "amount_cents", "vat_cents", "entered_by"],
        ),
        KeepColumns(
            "paymentbatch",
            [
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
        ),
        KeepColumns(
            "payout",
            [
                "award",
                "kind",
                "invoice",
                "payee",
                "amount_cents",
                "description",
                "made_by",
                "entry",
                "returned_by",
                "retries",
            ],
        ),
        KeepColumns(
            "recovery",
            ["award", "cause", "amount_cents", "account", "goes_to", "decided_by", "lapses_on"],
        ),
        ForbidChanges("recoveryreceipt"),
    ]
