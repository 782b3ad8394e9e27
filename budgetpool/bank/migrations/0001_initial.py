import budgetpool.bsn
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from budgetpool.first_tables import CreateModels
from budgetpool.immutability import ForbidChanges, KeepColumns


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fund', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='OpeningBalance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                    ('fund_iban', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='fund.fundiban')),
                    ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                    ('starts_on', models.DateField(verbose_name='at the start of')),
                    ('reason', models.CharField(max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='where it is written')),
                ],
                options={
                    'verbose_name': 'opening balance',
                    'verbose_name_plural': 'opening balances',
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('fund_iban',), name='opening_once'), models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='opening_positive'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='opening_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='opening_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='opening_stays_once_approved')],
                },
            ),
            migrations.CreateModel(
                name='OpeningShare',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                    ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='bank.openingbalance')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.account', verbose_name='pool')),
                    ('amount_cents', models.BigIntegerField(verbose_name='amount in cents')),
                    ('reason', models.CharField(max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='where it is written')),
                    ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ],
                options={
                    'verbose_name': 'share of an opening balance',
                    'verbose_name_plural': 'shares of opening balances',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='opening_share_positive'), models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('approved_at__isnull', False), _connector='OR'), name='opening_share_undone_once_booked'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='opening_share_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='opening_share_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='opening_share_stays_once_approved')],
                },
            ),
            migrations.CreateModel(
                name='UnprovenAcceptance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                    ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unproven_acceptances', to='fund.fund')),
                    ('file_name', models.CharField(max_length=255, verbose_name='file')),
                    ('file_sha256', models.CharField(max_length=64, verbose_name='digest of the file')),
                    ('reason', models.CharField(max_length=500, validators=[budgetpool.bsn.refuse_bsn], verbose_name='reason')),
                    ('sets_aside', models.BooleanField(default=False, verbose_name='not to be booked')),
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
                    ('message_id', models.CharField(blank=True, max_length=35, null=True, verbose_name='message id of our file')),
                    ('payment_information_id', models.CharField(blank=True, max_length=35, null=True, verbose_name='number of our batch')),
                    ('reference', models.CharField(blank=True, max_length=60, verbose_name='entry reference')),
                    ('bank_reference', models.CharField(blank=True, max_length=60, verbose_name='reference of the bank')),
                    ('return_reason', models.CharField(blank=True, max_length=35, null=True, verbose_name='why it came back')),
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
                    ('is_late', models.BooleanField(default=False, verbose_name='counts on the day of booking')),
                ],
                options={
                    'verbose_name': 'part of a payment',
                    'verbose_name_plural': 'parts of payments',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='payment_part_positive')],
                },
            ),
            migrations.CreateModel(
                name='UndonePart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('part', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='bank.paymentpart')),
                    ('reference', models.CharField(max_length=100, verbose_name='reference')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.account')),
                    ('reason', models.CharField(max_length=200, validators=[budgetpool.bsn.refuse_bsn], verbose_name='reason')),
                    ('undone_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('undone_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='undone')),
                ],
                options={
                    'verbose_name': 'undone part of a payment',
                    'verbose_name_plural': 'undone parts of payments',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='ChainLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund_iban', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='fund.fundiban')),
                    ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='bank.bankstatement')),
                    ('from_cents', models.BigIntegerField(verbose_name='balance before')),
                    ('until_cents', models.BigIntegerField(verbose_name='balance after')),
                    ('first_on', models.DateField(verbose_name='first day')),
                    ('last_on', models.DateField(verbose_name='last day')),
                    ('ends_on', models.DateField(verbose_name='day of the closing balance')),
                    ('dialect', models.CharField(blank=True, max_length=10, verbose_name='format')),
                    ('displaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='displaced_links', to='bank.bankstatement')),
                ],
                options={
                    'verbose_name': 'link of a chain of statements',
                    'verbose_name_plural': 'links of chains of statements',
                    'ordering': ['ends_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('first_on__lte', models.F('last_on'))), name='link_days_in_order')],
                },
            ),
            migrations.CreateModel(
                name='HeldFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_files', to='fund.fund')),
                    ('fund_iban', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_files', to='fund.fundiban', verbose_name='account')),
                    ('file_name', models.CharField(max_length=255, verbose_name='file')),
                    ('file_sha256', models.CharField(max_length=64, verbose_name='digest of the file')),
                    ('content', models.BinaryField(verbose_name='the file')),
                    ('code', models.CharField(max_length=40, verbose_name='why it is held')),
                    ('params', models.JSONField(default=dict, verbose_name='what about')),
                    ('held_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('held_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='held since')),
                    ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ],
                options={
                    'verbose_name': 'held bank file',
                    'verbose_name_plural': 'held bank files',
                    'ordering': ['held_at', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('fund', 'file_sha256'), name='held_file_once')],
                },
            ),
        ]),
        # What the database itself refuses.
        ForbidChanges('bankstatement'),
        ForbidChanges('bankentry'),
        ForbidChanges('paymentpart'),
        ForbidChanges('undonepart'),
        KeepColumns(
            'chainlink',
            ['fund_iban', 'statement', 'from_cents', 'until_cents', 'first_on', 'last_on', 'ends_on', 'dialect', 'displaced_by'],
        ),
        KeepColumns(
            'openingbalance',
            ['fund_iban', 'amount_cents', 'starts_on', 'reason', 'asked_by', 'asked_at', 'approved_by', 'approved_at', 'withdrawn_at'],
        ),
        KeepColumns(
            'heldfile',
            ['fund', 'fund_iban', 'file_sha256', 'content', 'settled_at'],
        ),
        KeepColumns(
            'openingshare',
            ['opening', 'account', 'amount_cents', 'reason', 'asked_by', 'asked_at', 'approved_by', 'approved_at', 'withdrawn_at', 'undone_at'],
        ),
    ]
