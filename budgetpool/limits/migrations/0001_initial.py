from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('key', models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name='key')),
                ('started_at', models.DateTimeField(verbose_name='term began')),
                ('count', models.PositiveBigIntegerField(verbose_name='tries')),
                ('ends_at', models.DateTimeField(db_index=True, verbose_name='term ends')),
            ],
            options={
                'verbose_name': 'counter of tries',
                'verbose_name_plural': 'counters of tries',
            },
        ),
    ]
