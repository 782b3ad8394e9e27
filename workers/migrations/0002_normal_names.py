import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from workers.likeness import identity_hash


def compare_anew(apps, schema_editor):
    """People are found by a wider normal form of their names from now on."""
    Worker = apps.get_model('workers', 'Worker')
    for worker in Worker.objects.exclude(name='').iterator():
        Worker.objects.filter(pk=worker.pk).update(
            identity_hash=identity_hash(worker.name, worker.birth_date)
        )


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PossibleDouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='found')),
                ('two_people_at', models.DateTimeField(blank=True, null=True, verbose_name='found to be two people')),
                ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workers.worker')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='possible_doubles', to='workers.worker')),
            ],
            options={
                'verbose_name': 'possible double',
                'verbose_name_plural': 'possible doubles',
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('worker', 'other'), name='possible_double_once'),
                    models.CheckConstraint(condition=models.Q(('worker', models.F('other')), _negated=True), name='possible_double_of_another'),
                    models.CheckConstraint(condition=models.Q(('two_people_at__isnull', True), ('looked_by__isnull', False), _connector='OR'), name='possible_double_decided_by_somebody'),
                ],
            },
        ),
        migrations.RunPython(compare_anew, migrations.RunPython.noop, elidable=True),
    ]
