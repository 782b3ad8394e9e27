import budgetpool.bsn
import budgetpool.free_text
import budgetpool.fund.iban
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from budgetpool.first_tables import CreateModels
from budgetpool.fund.guards import GuardTheLedger
from budgetpool.fund.period_guard import KeepClosedMonths
from budgetpool.immutability import ForbidChanges, KeepColumns


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('register', '0001_initial'),  # with it come the libraries' tables
        ('users', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Region',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                    ('code_source', models.CharField(choices=[('cbs', 'Statistics Netherlands (CBS)'), ('annex_3', 'number in annex 3 of the regulation of 2015')], default='cbs', max_length=10, verbose_name='source of the code')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name for addresses')),
                    ('municipalities', models.JSONField(blank=True, default=list, verbose_name='municipalities')),
                    ('valid_from', models.PositiveSmallIntegerField(verbose_name='valid from year')),
                    ('valid_until', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='valid until year')),
                ],
                options={
                    'verbose_name': 'region',
                    'verbose_name_plural': 'regions',
                    'ordering': ['name'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='region_years_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
                    ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='fund.region')),
                    ('role', models.CharField(choices=[('board', 'board member'), ('treasurer', 'treasurer'), ('adviser', 'adviser'), ('administrator', 'administrator')], max_length=20, verbose_name='role')),
                    ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'verbose_name': 'seat',
                    'verbose_name_plural': 'seats',
                    'constraints': [models.UniqueConstraint(fields=('user', 'region', 'role'), name='seat_unique')],
                },
            ),
            migrations.CreateModel(
                name='Fund',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('region', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fund', to='fund.region')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                    ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                    ('rule_name', models.CharField(blank=True, max_length=200, verbose_name='legal rule')),
                    ('rule_url', models.URLField(blank=True, verbose_name='address of the legal rule')),
                    ('consultation_days', models.PositiveSmallIntegerField(default=0, help_text="0: the region's rules do not ask for it.", verbose_name='days that a new rule is put before the public')),
                ],
                options={
                    'verbose_name': 'fund',
                    'verbose_name_plural': 'funds',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='fund.fund')),
                    ('kind', models.CharField(choices=[('bank', 'bank account'), ('provider', 'to be paid back by a provider'), ('person', 'to be paid back by a person'), ('costs', 'costs of the fund'), ('unexplained', 'left the bank, not explained yet'), ('opening', 'held before the books began'), ('suspense', 'received, not explained yet'), ('employer', 'employer'), ('pool', 'pool'), ('round', 'round'), ('reserve', 'objection reserve'), ('award', 'award')], max_length=12, verbose_name='kind')),
                    ('code', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Use a-z, 0-9 and hyphens.')], verbose_name='code')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                    ('earmark_column', models.CharField(blank=True, max_length=60, verbose_name='earmark: column')),
                    ('earmark_equals', models.CharField(blank=True, max_length=100, verbose_name='earmark: equals')),
                    ('opened_at', models.DateTimeField(auto_now_add=True, verbose_name='opened')),
                    ('debits_cents', models.BigIntegerField(default=0, editable=False, verbose_name='total of debits')),
                    ('credits_cents', models.BigIntegerField(default=0, editable=False, verbose_name='total of credits')),
                ],
                options={
                    'verbose_name': 'account',
                    'verbose_name_plural': 'accounts',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('fund', 'code'), name='account_code_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['bank', 'provider', 'person', 'costs', 'unexplained']), ('credits_cents__gte', models.F('debits_cents')), _connector='OR'), name='account_claim_not_below_zero'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['provider', 'person', 'costs', 'unexplained']), _negated=True), ('debits_cents__gte', models.F('credits_cents')), _connector='OR'), name='account_debt_not_below_zero'), models.CheckConstraint(condition=models.Q(models.Q(('earmark_column', ''), ('earmark_equals', '')), models.Q(('kind', 'pool'), models.Q(('earmark_column', ''), _negated=True)), _connector='OR'), name='account_earmark_on_pools_only')],
                },
            ),
            migrations.CreateModel(
                name='AccountDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='fund.account')),
                    ('day', models.DateField(verbose_name='day')),
                    ('debits_cents', models.BigIntegerField(verbose_name='total of debits')),
                    ('credits_cents', models.BigIntegerField(verbose_name='total of credits')),
                ],
                options={
                    'verbose_name': 'day total of an account',
                    'verbose_name_plural': 'day totals of accounts',
                    'constraints': [models.UniqueConstraint(fields=('account', 'day'), name='account_day_unique')],
                },
            ),
            migrations.CreateModel(
                name='FundIban',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ibans', to='fund.fund')),
                    ('iban', models.CharField(max_length=34, unique=True, validators=[budgetpool.fund.iban.validate_iban], verbose_name='IBAN')),
                    ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
                    ('holder_name', models.CharField(max_length=70, verbose_name='name of the account holder')),
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='iban', to='fund.account')),
                    ('is_main', models.BooleanField(default=False, verbose_name='payments leave from here')),
                ],
                options={
                    'verbose_name': 'bank account of the fund',
                    'verbose_name_plural': 'bank accounts of the fund',
                    'ordering': ['-is_main', 'iban'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('fund',), name='fund_iban_one_main')],
                },
            ),
            migrations.CreateModel(
                name='PeriodStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                    ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='period_steps', to='fund.fund')),
                    ('kind', models.CharField(choices=[('close', 'closed'), ('reopen', 'opened again')], max_length=6, verbose_name='kind')),
                    ('until', models.DateField(verbose_name='up to and including')),
                    ('reason', models.CharField(blank=True, max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'closing of a month',
                    'verbose_name_plural': 'closings of months',
                    'ordering': ['-pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('approved_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('fund',), name='period_one_step_waits'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='period_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='period_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='period_stays_once_approved'), models.CheckConstraint(condition=models.Q(('kind', 'close'), models.Q(('kind', 'reopen'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='period_reopened_with_reason')],
                },
            ),
            migrations.CreateModel(
                name='SeatChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                    ('kind', models.CharField(choices=[('give', 'give a seat'), ('end', 'take a seat away')], max_length=4, verbose_name='what')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seat_changes', to=settings.AUTH_USER_MODEL, verbose_name='whose seat')),
                    ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seat_changes', to='fund.region')),
                    ('role', models.CharField(choices=[('board', 'board member'), ('treasurer', 'treasurer'), ('adviser', 'adviser'), ('administrator', 'administrator')], max_length=20, verbose_name='role')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('reason', models.CharField(max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='why')),
                ],
                options={
                    'verbose_name': 'change of a seat',
                    'verbose_name_plural': 'changes of seats',
                    'ordering': ['-asked_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='seat_change_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='seat_change_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='seat_change_stays_once_approved'), models.UniqueConstraint(condition=models.Q(('approved_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('user', 'region', 'role'), name='seat_change_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'give'), _negated=True), models.Q(('user', models.F('asked_by')), _negated=True), _connector='OR'), name='seat_change_not_for_oneself'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('user', models.F('approved_by')), _negated=True), _connector='OR'), name='seat_change_not_approved_for_oneself')],
                },
            ),
            migrations.CreateModel(
                name='Transfer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='fund.fund')),
                    ('debit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='fund.account')),
                    ('credit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='fund.account')),
                    ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                    ('reference', models.CharField(max_length=100, unique=True, verbose_name='reference')),
                    ('memo', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*$', 'A lower-case code.')], verbose_name='what for')),
                    ('note', models.CharField(blank=True, max_length=200, validators=[budgetpool.free_text.refuse_control], verbose_name='note')),
                    ('booked_at', models.DateTimeField(editable=False, verbose_name='booked')),
                    ('value_date', models.DateField(verbose_name='value date')),
                    ('posted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posted by')),
                    ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='fund.transfer')),
                ],
                options={
                    'verbose_name': 'transfer',
                    'verbose_name_plural': 'transfers',
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['debit', 'booked_at'], name='transfer_by_debit'), models.Index(fields=['credit', 'booked_at'], name='transfer_by_credit'), models.Index(fields=['fund', 'value_date'], name='transfer_by_fund')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='transfer_amount_positive'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_two_accounts'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='transfer_has_reference')],
                },
            ),
        ]),
        # What the database itself refuses.
        ForbidChanges('transfer'),
        GuardTheLedger(),
        KeepColumns(
            'periodstep',
            ['fund', 'kind', 'until', 'reason', 'asked_by', 'asked_at', 'approved_by', 'approved_at', 'withdrawn_at'],
        ),
        KeepClosedMonths(),
        KeepColumns(
            'seatchange',
            ['kind', 'user', 'region', 'role', 'until', 'reason', 'asked_by', 'asked_at', 'approved_by', 'approved_at', 'withdrawn_at'],
        ),
    ]
