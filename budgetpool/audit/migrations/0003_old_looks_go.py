from django.db import migrations

from budgetpool.immutability import LetOldRowsGo

LOOK = "OLD.action IN ('request.file_seen', 'worker.data_taken', 'account.signed_in')"


class Migration(migrations.Migration):
    """Who looked at a file, and who signed in, is kept for eighteen months; changes stay."""

    dependencies = [("audit", "0002_append_only")]

    operations = [
        LetOldRowsGo(
            "auditevent",
            {
                "sqlite": f"(substr(OLD.action, -5) = '.seen' OR {LOOK}) "
                "AND OLD.at < datetime('now', '-548 days')",
                "postgresql": f"(right(OLD.action, 5) = '.seen' OR {LOOK}) "
                "AND OLD.at < now() - interval '548 days'",
            },
        )
    ]
