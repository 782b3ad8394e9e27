from django.db import migrations

from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [ForbidChanges("auditevent")]
