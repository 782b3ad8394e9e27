from django.db import migrations

from allocation.guards import KeepFrozenPolicies
from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):
    dependencies = [("allocation", "0001_initial")]

    operations = [
        KeepFrozenPolicies(),
        ForbidChanges("snapshot"),
        ForbidChanges("scenario"),
        ForbidChanges("decision"),
    ]
