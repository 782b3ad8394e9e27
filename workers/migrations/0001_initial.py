import budgetpool.bsn
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import djmoney.models.fields
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models
from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fund', '0001_initial'),
        ('register', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Destruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=40, verbose_name='category')),
                ('destroyed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='destroyed')),
                ('rule', models.CharField(max_length=200, verbose_name='rule')),
                ('count', models.PositiveIntegerField(verbose_name='number of rows')),
                ('keys_sha256', models.CharField(max_length=64, verbose_name='hash of the keys')),
            ],
            options={
                'verbose_name': 'destruction',
                'verbose_name_plural': 'destructions',
                'ordering': ['-destroyed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='OutreachCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('channel', models.CharField(max_length=80, validators=[budgetpool.bsn.refuse_bsn], verbose_name='where people see it')),
                ('visits_count', models.PositiveIntegerField(default=0, verbose_name='visits')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outreach_codes', to='fund.region')),
            ],
            options={
                'verbose_name': 'outreach code',
                'verbose_name_plural': 'outreach codes',
                'ordering': ['-made_at', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='fund.fund')),
                ('code', models.CharField(max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{4}-[0-9]{1,2}$', 'Write a code like 2027-1.')], verbose_name='code')),
                ('announced_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='announced')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
            ],
            options={
                'verbose_name': 'window',
                'verbose_name_plural': 'windows',
                'ordering': ['opens_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'code'), name='window_code_unique'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='window_closes_after_opening'), models.CheckConstraint(condition=models.Q(('announced_at__lte', models.F('opens_at'))), name='window_announced_before_opening')],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='worker', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='fund.region')),
                ('name', models.CharField(blank=True, max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='name')),
                ('birth_date', models.DateField(blank=True, null=True, verbose_name='date of birth')),
                ('identity_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('address', models.CharField(blank=True, max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='address for letters')),
                ('municipality', models.CharField(blank=True, max_length=100, verbose_name='municipality')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                ('language', models.CharField(default='nl', max_length=10, verbose_name='language')),
                ('contract', models.CharField(blank=True, choices=[('on_call', 'on call'), ('agency', 'through a temp agency'), ('temp_prospect', 'temporary, with prospect of permanent'), ('temp_long', 'temporary, a year or more'), ('temp_short', 'temporary, less than a year'), ('no_fixed_hours', 'without fixed hours'), ('permanent', 'permanent'), ('self_employed', 'self-employed')], max_length=20, verbose_name='contract')),
                ('sector', models.CharField(blank=True, choices=[('A', 'agriculture'), ('B', 'mining'), ('C', 'industry'), ('D', 'energy'), ('E', 'water and waste'), ('F', 'construction'), ('G', 'trade'), ('H', 'transport and storage'), ('I', 'hotels and restaurants'), ('J', 'information and communication'), ('K', 'finance'), ('L', 'real estate'), ('M', 'advice and research'), ('N', 'business services and temporary work'), ('O', 'public administration'), ('P', 'education'), ('Q', 'health and care'), ('R', 'culture, sport and recreation'), ('S', 'other services'), ('T', 'households'), ('U', 'international organisations')], max_length=1, verbose_name='sector of the work')),
                ('sector_version', models.CharField(default='2008', max_length=4, verbose_name='version of the sector list')),
                ('education', models.CharField(blank=True, choices=[('none', 'no diploma'), ('vmbo', 'VMBO'), ('mbo1', 'MBO 1'), ('mbo2', 'MBO 2'), ('mbo3', 'MBO 3'), ('mbo4', 'MBO 4'), ('havo_vwo', 'HAVO or VWO'), ('hbo', 'HBO'), ('wo', 'university')], max_length=10, verbose_name='highest diploma')),
                ('training_hours_two_years', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours of training in the last two years')),
                ('has_study_finance', models.BooleanField(blank=True, null=True, verbose_name='has study finance')),
                ('introduced_by', models.CharField(blank=True, max_length=200, verbose_name='partner that filed first')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased')),
            ],
            options={
                'verbose_name': 'worker',
                'verbose_name_plural': 'workers',
                'constraints': [models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('address', ''), ('birth_date__isnull', True), ('email', ''), ('name', ''), ('phone', '')), _connector='OR'), name='worker_erased_has_no_personal_data')],
            },
        ),
        migrations.CreateModel(
            name='AdviserInterest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('adviser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='register.provider')),
                ('declared_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='declared on')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'interest of an adviser',
                'verbose_name_plural': 'interests of advisers',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('adviser', 'provider'), name='adviser_interest_once')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='workers.worker')),
                ('adviser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to=settings.AUTH_USER_MODEL)),
                ('scope', models.CharField(choices=[('read', 'read along'), ('apply', 'ask for training for me'), ('follow', 'also arrange what comes after the decision')], max_length=10, verbose_name='for what')),
                ('given', models.CharField(choices=[('web', 'on the website'), ('desk', 'at the counter'), ('phone', 'by phone'), ('paper', 'on paper')], max_length=10, verbose_name='how it was given')),
                ('from_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('until_date', models.DateField(verbose_name='until and including')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
            ],
            options={
                'verbose_name': 'mandate',
                'verbose_name_plural': 'mandates',
                'ordering': ['-from_date', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__gte', models.F('from_date'))), name='mandate_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Reflection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reflections', to='workers.worker')),
                ('month', models.CharField(max_length=7, validators=[django.core.validators.RegexValidator('^[0-9]{4}-(0[1-9]|1[0-2])$')], verbose_name='month')),
                ('first_time', models.TextField(blank=True, max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='did for the first time')),
                ('learned_from', models.TextField(blank=True, max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='learned from')),
                ('next_time', models.TextField(blank=True, max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='wants to do better')),
                ('skills', models.JSONField(blank=True, default=list, verbose_name='skills (addresses)')),
                ('written_at', models.DateTimeField(auto_now=True, verbose_name='written')),
            ],
            options={
                'verbose_name': 'reflection',
                'verbose_name_plural': 'reflections',
                'ordering': ['-month'],
                'constraints': [models.UniqueConstraint(fields=('worker', 'month'), name='reflection_once_a_month')],
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='referrals', to='workers.worker')),
                ('adviser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='made on')),
            ],
            options={
                'verbose_name': 'referral',
                'verbose_name_plural': 'referrals',
                'ordering': ['-made_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='intake', to='workers.worker')),
                ('consent_at', models.DateTimeField(verbose_name='agreed')),
                ('answers', models.JSONField(blank=True, default=dict, verbose_name='answers')),
                ('answered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='answered')),
                ('keep_until', models.DateField(verbose_name='kept until')),
            ],
            options={
                'verbose_name': 'intake',
                'verbose_name_plural': 'intakes',
            },
        ),
        migrations.CreateModel(
            name='HelpRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='help_requests', to='fund.region')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='help_requests', to='workers.worker')),
                ('kind', models.CharField(choices=[('call', 'call me'), ('visit', 'I want to come by')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='name')),
                ('phone', models.CharField(max_length=20, verbose_name='phone number')),
                ('language', models.CharField(default='nl', max_length=10, verbose_name='language')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'request for help',
                'verbose_name_plural': 'requests for help',
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Companion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='companions', to='fund.region')),
                ('kind', models.CharField(choices=[('buddy', 'buddy'), ('coach', 'coach')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='name')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('is_trained', models.BooleanField(default=False, verbose_name='has followed the buddy training')),
                ('is_active', models.BooleanField(default=True, verbose_name='can be asked')),
                ('accompanies', models.ManyToManyField(blank=True, related_name='companions', to='workers.worker', verbose_name='goes along with')),
            ],
            options={
                'verbose_name': 'buddy or coach',
                'verbose_name_plural': 'buddies and coaches',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='workers.worker')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.TextField(max_length=2000, validators=[budgetpool.bsn.refuse_bsn], verbose_name='note')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['-written_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TrainingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='workers.worker')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='workers.window')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('submitted', 'sent'), ('withdrawn', 'withdrawn'), ('ineligible', 'not possible')], default='draft', max_length=12, verbose_name='status')),
                ('reason', models.CharField(blank=True, max_length=40, verbose_name='why it is not possible')),
                ('reason_params', models.JSONField(blank=True, default=dict)),
                ('repair_until', models.DateField(blank=True, null=True, verbose_name='may be mended until')),
                ('channel', models.CharField(choices=[('web', 'website'), ('phone', 'phone'), ('desk', 'at the counter'), ('paper', 'on paper'), ('partner', 'partner')], default='web', max_length=10, verbose_name='channel')),
                ('outreach_code', models.SlugField(blank=True, max_length=30, verbose_name='outreach code')),
                ('goal', models.TextField(blank=True, max_length=1000, validators=[budgetpool.bsn.refuse_bsn], verbose_name='goal')),
                ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mandate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='workers.mandate')),
                ('filed_for_organisation', models.CharField(blank=True, max_length=200, verbose_name='partner')),
                ('organisation_reference', models.CharField(blank=True, max_length=60, validators=[budgetpool.bsn.refuse_bsn], verbose_name="the partner's own reference")),
                ('consent_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='started')),
                ('saved_at', models.DateTimeField(auto_now=True, verbose_name='saved')),
            ],
            options={
                'verbose_name': 'training request',
                'verbose_name_plural': 'training requests',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['window', 'status'], name='request_by_window')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'withdrawn'), _negated=True), fields=('worker', 'window'), name='request_one_per_window'), models.UniqueConstraint(condition=models.Q(('organisation_reference', ''), _negated=True), fields=('window', 'filed_for_organisation', 'organisation_reference'), name='request_partner_reference_unique'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'submitted'), _negated=True), models.Q(('consent_at__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='request_sent_has_moment_and_consent'), models.CheckConstraint(condition=models.Q(('status', 'ineligible'), ('reason', ''), _connector='OR'), name='request_reason_if_ineligible'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ineligible'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='request_ineligible_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', False), _connector='OR'), name='request_withdrawn_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='workers.trainingrequest')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                ('training', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='register.training')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='register.edition')),
                ('proposed_title', models.CharField(blank=True, max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='name of the training')),
                ('proposed_provider', models.CharField(blank=True, max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='name of the school')),
                ('proposed_start', models.DateField(blank=True, null=True, verbose_name='start')),
            ],
            options={
                'verbose_name': 'choice',
                'verbose_name_plural': 'choices',
                'ordering': ['request', 'rank'],
                'constraints': [models.UniqueConstraint(fields=('request', 'rank'), name='choice_rank_unique'), models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 3)), name='choice_rank_1_to_3'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_title', ''), ('training__isnull', False)), models.Q(('training__isnull', True), models.Q(('proposed_title', ''), _negated=True)), _connector='OR'), name='choice_register_or_proposed'), models.CheckConstraint(condition=models.Q(('edition__isnull', True), ('training__isnull', False), _connector='OR'), name='choice_edition_of_training')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='workers.trainingrequest')),
                ('months', models.PositiveSmallIntegerField(verbose_name='months after the training')),
                ('due_on', models.DateField(verbose_name='asked on')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('has_work', models.BooleanField(blank=True, null=True, verbose_name='has work')),
                ('contract', models.CharField(blank=True, choices=[('on_call', 'on call'), ('agency', 'through a temp agency'), ('temp_prospect', 'temporary, with prospect of permanent'), ('temp_long', 'temporary, a year or more'), ('temp_short', 'temporary, less than a year'), ('no_fixed_hours', 'without fixed hours'), ('permanent', 'permanent'), ('self_employed', 'self-employed')], max_length=20, verbose_name='contract')),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'ordering': ['due_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('request', 'months'), name='follow_up_once'), models.CheckConstraint(condition=models.Q(('months__in', [3, 6, 12])), name='follow_up_at_3_6_12_months')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='workers.trainingrequest')),
                ('purpose', models.CharField(choices=[('offer', 'offer of the school'), ('work', 'proof of work'), ('proof', 'proof of the training'), ('other', 'other')], max_length=10, verbose_name='purpose')),
                ('file', models.FileField(upload_to='documents/%Y/%m', verbose_name='file')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('content_type', models.CharField(max_length=40, verbose_name='kind')),
                ('size_bytes', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='added')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('request', 'purpose', 'sha256'), name='document_once_per_request')],
            },
        ),
        migrations.CreateModel(
            name='CostLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cost_lines', to='workers.choice')),
                ('kind', models.CharField(choices=[('training', 'training'), ('exam', 'exam'), ('books', 'books'), ('travel', 'travel'), ('wage_loss', 'lost wages'), ('coach', 'coach'), ('buddy', 'buddy'), ('childcare', 'childcare')], max_length=10, verbose_name='kind')),
                ('amount_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'EUR')], default='EUR', editable=False, max_length=3)),
                ('amount', djmoney.models.fields.MoneyField(currency_choices=[('EUR', 'EUR')], decimal_places=2, max_digits=11, verbose_name='amount')),
            ],
            options={
                'verbose_name': 'cost line',
                'verbose_name_plural': 'cost lines',
                'ordering': ['choice', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', Decimal('0')), ('amount_currency', 'EUR')), name='cost_line_in_euros'), models.UniqueConstraint(fields=('choice', 'kind'), name='cost_line_kind_once')],
            },
        ),
        # What the database itself refuses.
        ForbidChanges("Destruction"),
    ]
