import budgetpool.bsn
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from budgetpool.immutability import ForbidChanges


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fund', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnprovenAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unproven_acceptances', to='fund.fund')),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('file_sha256', models.CharField(max_length=64, verbose_name='digest of the file')),
                ('reason', models.CharField(max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='reason')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
            ],
            options={
                'verbose_name': 'acceptance of an unproven statement',
                'verbose_name_plural': 'acceptances of unproven statements',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'file_sha256'), name='acceptance_file_unique'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='acceptance_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='acceptance_confirmed_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='BankStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_statements', to='fund.fund')),
                ('fund_iban', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='fund.fundiban', verbose_name='account')),
                ('statement_id', models.CharField(blank=True, max_length=140, verbose_name='statement')),
                ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                ('opening_cents', models.BigIntegerField(blank=True, null=True, verbose_name='opening balance in cents')),
                ('closing_cents', models.BigIntegerField(blank=True, null=True, verbose_name='closing balance in cents')),
                ('balance_proven', models.BooleanField(blank=True, null=True, verbose_name='balances fit')),
                ('acceptance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='bank.unprovenacceptance', verbose_name='accepted although not proven')),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('file_sha256', models.CharField(max_length=64, verbose_name='digest of the file')),
                ('known_count', models.PositiveIntegerField(default=0, verbose_name='entries known from other files')),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='imported by')),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='imported')),
                ('key', models.CharField(editable=False, max_length=64)),
                ('twin_key', models.CharField(blank=True, editable=False, max_length=64, null=True)),
            ],
            options={
                'verbose_name': 'bank statement',
                'verbose_name_plural': 'bank statements',
                'ordering': ['-imported_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'key'), name='statement_once'), models.UniqueConstraint(fields=('fund', 'twin_key'), name='statement_twin_once'), models.CheckConstraint(condition=models.Q(models.Q(('balance_proven', False), _negated=True), ('acceptance__isnull', False), _connector='OR'), name='statement_proven_or_accepted')],
            },
        ),
        migrations.CreateModel(
            name='BankEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_entries', to='fund.fund')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='bank.bankstatement')),
                ('date', models.DateField(verbose_name='date')),
                ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                ('name', models.CharField(blank=True, max_length=140, verbose_name='name')),
                ('iban', models.CharField(blank=True, max_length=34, verbose_name='IBAN')),
                ('remittance', models.TextField(blank=True, verbose_name='description')),
                ('structured_reference', models.CharField(blank=True, max_length=60, verbose_name='payment reference')),
                ('end_to_end_id', models.CharField(blank=True, max_length=60, verbose_name='end-to-end id')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='entry reference')),
                ('bank_reference', models.CharField(blank=True, max_length=60, verbose_name='reference of the bank')),
                ('is_reversal', models.BooleanField(default=False, verbose_name='reversal')),
                ('is_unsplit', models.BooleanField(default=False, verbose_name='batch not taken apart')),
                ('key', models.CharField(editable=False, max_length=64)),
                ('reference_key', models.CharField(blank=True, editable=False, max_length=64, null=True)),
            ],
            options={
                'verbose_name': 'bank entry',
                'verbose_name_plural': 'bank entries',
                'ordering': ['-date', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'key'), name='bank_entry_once'), models.UniqueConstraint(fields=('fund', 'reference_key'), name='bank_entry_reference_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_parts', to='bank.bankentry')),
                ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment_part', to='fund.transfer')),
                ('explained_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('explained_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='explained')),
            ],
            options={
                'verbose_name': 'part of a payment',
                'verbose_name_plural': 'parts of payments',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='payment_part_positive')],
            },
        ),
        # What the database itself refuses.
        ForbidChanges("bankstatement"),
        ForbidChanges("bankentry"),
        ForbidChanges("paymentpart"),
    ]
