import budgetpool.fund.iban
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from budgetpool.fund.guards import GuardTheLedger
from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '__first__'),
    ]

    operations = [
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
            name='Fund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fund', to='fund.region')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('rule_name', models.CharField(blank=True, max_length=200, verbose_name='legal rule')),
                ('rule_url', models.URLField(blank=True, verbose_name='address of the legal rule')),
            ],
            options={
                'verbose_name': 'fund',
                'verbose_name_plural': 'funds',
                'ordering': ['name'],
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
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='fund.fund')),
                ('kind', models.CharField(choices=[('bank', 'bank account'), ('provider', 'to be paid back by a provider'), ('person', 'to be paid back by a person'), ('costs', 'costs of the fund'), ('unexplained', 'left the bank, not explained yet'), ('suspense', 'received, not explained yet'), ('employer', 'employer'), ('pool', 'pool'), ('round', 'round'), ('reserve', 'objection reserve'), ('award', 'award')], max_length=12, verbose_name='kind')),
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
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='fund.fund')),
                ('debit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='fund.account')),
                ('credit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='fund.account')),
                ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                ('reference', models.CharField(max_length=100, unique=True, verbose_name='reference')),
                ('memo', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*$', 'A lower-case code.')], verbose_name='what for')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
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
        # What the database itself refuses.
        ForbidChanges("transfer"), GuardTheLedger(),
    ]
