import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from budgetpool.first_tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=120, verbose_name='key')),
                    ('attempt', models.PositiveSmallIntegerField(default=1, verbose_name='attempt')),
                    ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('arguments', models.JSONField(blank=True, default=dict, verbose_name='arguments')),
                    ('state', models.CharField(choices=[('queued', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='queued', max_length=10, verbose_name='state')),
                    ('progress', models.JSONField(blank=True, default=dict, verbose_name='progress')),
                    ('result', models.JSONField(blank=True, default=dict, verbose_name='result')),
                    ('error', models.CharField(blank=True, max_length=500, verbose_name='error')),
                    ('task', models.CharField(blank=True, editable=False, max_length=200)),
                    ('lock', models.CharField(blank=True, editable=False, max_length=120)),
                    ('priority', models.SmallIntegerField(default=0, editable=False)),
                    ('starts', models.PositiveSmallIntegerField(default=0, editable=False)),
                    ('offered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('queued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                    ('cancel_asked_at', models.DateTimeField(blank=True, null=True, verbose_name='asked to stop')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ],
                options={
                    'verbose_name': 'job',
                    'verbose_name_plural': 'jobs',
                    'ordering': ['-queued_at', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('key',), name='job_asked_once', violation_error_message='This work is being done already.'), models.UniqueConstraint(fields=('key', 'attempt'), name='job_attempt_unique')],
                },
            ),
            migrations.CreateModel(
                name='Turn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, unique=True)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
            ),
        ]),
    ]
