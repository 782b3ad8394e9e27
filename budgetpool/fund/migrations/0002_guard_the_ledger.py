from django.db import migrations

from budgetpool.fund.guards import GuardTheLedger
from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):
    dependencies = [("fund", "0001_initial")]

    operations = [ForbidChanges("transfer"), GuardTheLedger()]
