import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True, verbose_name='key')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('sms', 'text message'), ('post', 'letter by post')], max_length=10, verbose_name='channel')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('to_name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('to', models.CharField(max_length=254, verbose_name='address')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='parameters')),
                ('letter', models.FileField(blank=True, upload_to='letters/%Y/%m', verbose_name='letter')),
                ('state', models.CharField(choices=[('queued', 'waits'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'failed')], default='queued', max_length=10, verbose_name='state')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='queued')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='to be sent from')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['state', 'due_at'], name='message_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='message_sent_has_moment')],
            },
        ),
    ]
