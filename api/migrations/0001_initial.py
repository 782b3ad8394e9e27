import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fund', '0001_initial'),
        ('users', '__first__'),
        ('workers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('kvk', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^[0-9]{8}$', 'A KvK number has 8 digits.')], verbose_name='KvK number')),
                ('contact_email', models.EmailField(max_length=254, verbose_name='e-mail address for notices')),
                ('account', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='partner', to=settings.AUTH_USER_MODEL)),
                ('is_active', models.BooleanField(default=True, verbose_name='may use the API')),
                ('regions', models.ManyToManyField(blank=True, related_name='partners', to='fund.region')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kvk__regex', '^[0-9]{8}$')), name='partner_kvk_8_digits')],
            },
        ),
        migrations.CreateModel(
            name='PartnerToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='api.partner')),
                ('label', models.CharField(max_length=100, verbose_name='what it is for')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('used_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last used')),
            ],
            options={
                'verbose_name': 'token of a partner',
                'verbose_name_plural': 'tokens of partners',
                'ordering': ['-made_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='token_is_hashed')],
            },
        ),
        migrations.CreateModel(
            name='StoredAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='api.partner')),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('body', models.JSONField(blank=True, default=dict)),
                ('location', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'stored answer',
                'verbose_name_plural': 'stored answers',
                'constraints': [models.UniqueConstraint(fields=('partner', 'key'), name='answer_key_unique')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='partner_consent', to='workers.trainingrequest')),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='api.partnertoken')),
                ('agreed_at', models.DateTimeField(verbose_name='agreed')),
                ('way', models.CharField(choices=[('online', 'on a website'), ('paper', 'on paper'), ('spoken', 'in a conversation')], max_length=10, verbose_name='how')),
                ('text_version', models.CharField(max_length=60, verbose_name='version of the text')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded')),
            ],
            options={
                'verbose_name': 'consent told by a partner',
                'verbose_name_plural': 'consents told by partners',
            },
        ),
    ]
