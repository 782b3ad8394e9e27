import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from budgetpool.immutability import ForbidChanges, LetOldRowsGo


LOOK = "OLD.action IN ('request.file_seen', 'worker.data_taken', 'account.signed_in')"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='moment')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.CharField(db_index=True, max_length=60, verbose_name='action')),
                ('subject_type', models.CharField(max_length=60, verbose_name='kind of subject')),
                ('subject_id', models.CharField(max_length=60, verbose_name='key of subject')),
                ('region_code', models.CharField(blank=True, db_index=True, max_length=10, verbose_name='region')),
                ('request_id', models.CharField(blank=True, db_index=True, max_length=32, verbose_name='request')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit events',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='audit_by_subject')],
            },
        ),
        # What the database itself refuses.
        ForbidChanges("auditevent"),
        LetOldRowsGo(
            "auditevent",
            {
                "sqlite": f"(substr(OLD.action, -5) = '.seen' OR {LOOK}) "
                "AND OLD.at < datetime('now', '-548 days')",
                "postgresql": f"(right(OLD.action, 5) = '.seen' OR {LOOK}) "
                "AND OLD.at < now() - interval '548 days'",
            },
        ),
    ]
