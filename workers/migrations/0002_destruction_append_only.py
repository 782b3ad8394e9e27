from django.db import migrations

from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):

    dependencies = [("workers", "0001_initial")]

    operations = [ForbidChanges("Destruction")]
