from django.db import migrations

from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial")]

    operations = [
        ForbidChanges("bankstatement"),
        ForbidChanges("bankentry"),
        ForbidChanges("paymentpart"),
    ]
