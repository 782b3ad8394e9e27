import api.models.clients
import budgetpool.bsn
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from budgetpool.first_tables import CreateModels
from budgetpool.immutability import KeepColumns


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fund', '0001_initial'),
        ('oauth2_provider', '0022_refreshtoken_token_family_index'),
        ('users', '__first__'),
        ('workers', '0001_initial'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Partner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                    ('kvk', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^[0-9]{8}$', 'A KvK number has 8 digits.')], verbose_name='KvK number')),
                    ('contact_email', models.EmailField(max_length=254, verbose_name='e-mail address for notices')),
                    ('account', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='partner', to=settings.AUTH_USER_MODEL)),
                    ('is_active', models.BooleanField(default=True, verbose_name='may use the API')),
                    ('is_sandbox', models.BooleanField(default=False, editable=False, verbose_name='is a sandbox')),
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
                name='PartnerAdministrator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='administrators', to='api.partner')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='administers_partners', to=settings.AUTH_USER_MODEL)),
                    ('since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ],
                options={
                    'verbose_name': 'administrator of a partner',
                    'verbose_name_plural': 'administrators of partners',
                    'ordering': ['since'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('partner', 'user'), name='partner_administrator_once')],
                },
            ),
            migrations.CreateModel(
                name='Client',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('application', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='client', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
                    ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='client', to='api.partner')),
                    ('scopes', models.JSONField(default=api.models.clients.all_scopes, verbose_name='what it may do')),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ],
                options={
                    'verbose_name': 'program of a partner',
                    'verbose_name_plural': 'programs of partners',
                    'ordering': ['partner__name'],
                },
            ),
            migrations.CreateModel(
                name='Credential',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='api.client')),
                    ('kind', models.CharField(choices=[('secret', 'secret'), ('key', 'public key')], max_length=10, verbose_name='kind')),
                    ('label', models.CharField(max_length=100, verbose_name='what it is for')),
                    ('digest', models.CharField(editable=False, max_length=64)),
                    ('key', models.JSONField(blank=True, editable=False, null=True, verbose_name='public key')),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                    ('expires_at', models.DateTimeField(verbose_name='valid until')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                    ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used')),
                ],
                options={
                    'verbose_name': 'credential of a program',
                    'verbose_name_plural': 'credentials of programs',
                    'ordering': ['-made_at', '-pk'],
                    'constraints': [models.UniqueConstraint(fields=('client', 'digest'), name='credential_unique'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='credential_is_hashed'), models.CheckConstraint(condition=models.Q(models.Q(('key__isnull', False), ('kind', 'key')), models.Q(('key__isnull', True), ('kind', 'secret')), _connector='OR'), name='credential_key_has_its_half')],
                },
            ),
            migrations.CreateModel(
                name='UsedAssertion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='api.client')),
                    ('jti', models.CharField(max_length=64)),
                    ('expires_at', models.DateTimeField(db_index=True)),
                ],
                options={
                    'verbose_name': 'used assertion',
                    'verbose_name_plural': 'used assertions',
                    'constraints': [models.UniqueConstraint(fields=('client', 'jti'), name='assertion_used_once')],
                },
            ),
            migrations.CreateModel(
                name='Admission',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                    ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='fund.fund')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='api.client')),
                    ('may', models.CharField(choices=[('statements:read', 'see the statements'), ('statements:write', 'bring in statements, and see them')], max_length=20, verbose_name='what it may do')),
                    ('reason', models.CharField(max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='why')),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                    ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used')),
                ],
                options={
                    'verbose_name': 'admission of a program to a bank',
                    'verbose_name_plural': 'admissions of programs to a bank',
                    'ordering': ['-asked_at', '-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('fund', 'client'), name='admission_once_at_a_time'), models.CheckConstraint(condition=models.Q(('may__in', ['statements:read', 'statements:write'])), name='admission_may_what_is_known'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='admission_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='admission_confirmed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='admission_ended_by_somebody')],
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='partner_consent', to='workers.trainingrequest')),
                    ('token', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='api.partnertoken')),
                    ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='api.client')),
                    ('agreed_at', models.DateTimeField(verbose_name='agreed')),
                    ('way', models.CharField(choices=[('online', 'on a website'), ('paper', 'on paper'), ('spoken', 'in a conversation')], max_length=10, verbose_name='how')),
                    ('text_version', models.CharField(max_length=60, verbose_name='version of the text')),
                    ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded')),
                ],
                options={
                    'verbose_name': 'consent told by a partner',
                    'verbose_name_plural': 'consents told by partners',
                    'constraints': [models.CheckConstraint(condition=models.Q(('token__isnull', False), ('client__isnull', False), _connector='XOR'), name='consent_told_by_one')],
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
                name='PlayMoney',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='play_money', to='fund.fund')),
                    ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                ],
                options={
                    'verbose_name': 'play money of a sandbox',
                    'verbose_name_plural': 'play money of sandboxes',
                },
            ),
            migrations.CreateModel(
                name='Endpoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endpoints', to='api.partner')),
                    ('url', models.URLField(max_length=500, verbose_name='address')),
                    ('label', models.CharField(blank=True, max_length=100, verbose_name='what it is for')),
                    ('kinds', models.JSONField(default=list, verbose_name='events')),
                    ('secret', models.CharField(editable=False, max_length=400)),
                    ('old_secret', models.CharField(blank=True, editable=False, max_length=400)),
                    ('old_until', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ('ended_by', models.CharField(blank=True, max_length=20, verbose_name='why it ended')),
                ],
                options={
                    'verbose_name': 'webhook',
                    'verbose_name_plural': 'webhooks',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='api.partner')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('kind', models.CharField(max_length=40)),
                    ('change', models.CharField(blank=True, max_length=40)),
                    ('subject', models.CharField(max_length=60)),
                    ('reference', models.CharField(blank=True, max_length=60)),
                    ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                    ('sequence', models.PositiveIntegerField(blank=True, null=True)),
                    ('only_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='api.endpoint')),
                ],
                options={
                    'verbose_name': 'event for a partner',
                    'verbose_name_plural': 'events for partners',
                    'ordering': ['pk'],
                    'indexes': [models.Index(condition=models.Q(('sequence__isnull', True)), fields=['partner'], name='event_unnumbered')],
                    'constraints': [models.UniqueConstraint(fields=('partner', 'subject', 'sequence'), name='event_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='api.endpoint')),
                    ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='api.event')),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('failed', 'given up'), ('dropped', 'not sent: the address ended')], default='waiting', max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'delivery of an event',
                    'verbose_name_plural': 'deliveries of events',
                    'ordering': ['pk'],
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['endpoint', 'next_at'], name='delivery_waiting')],
                    'constraints': [models.UniqueConstraint(fields=('endpoint', 'event'), name='delivery_once')],
                },
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='api.delivery')),
                    ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('problem', models.CharField(blank=True, max_length=40)),
                    ('milliseconds', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'try to deliver',
                    'verbose_name_plural': 'tries to deliver',
                    'ordering': ['pk'],
                },
            ),
        ]),
        # What the database itself refuses.
        KeepColumns(
            'admission',
            ['fund', 'client', 'may', 'reason', 'asked_by', 'asked_at', 'confirmed_by', 'confirmed_at', 'ended_by', 'ended_at'],
        ),
    ]
