import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import djmoney.models.fields
import djmoney.money
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from budgetpool.first_tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    # The libraries' tables first. Each step is shown to Django all models that hang together by
    # then, so a hundred steps of theirs after our tables took two fifths of the time.
    dependencies = [
        ('users', '__first__'),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('oauth2_provider', '0022_refreshtoken_token_family_index'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Provider',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('kvk', models.CharField(max_length=8, unique=True, validators=[django.core.validators.RegexValidator('^[0-9]{8}$', 'A KvK number has 8 digits.')], verbose_name='KvK number')),
                    ('vat_status', models.CharField(choices=[('exempt_crkbo', 'exempt: in the CRKBO register'), ('exempt_law', 'exempt by law'), ('standard', '21% VAT')], max_length=20, verbose_name='VAT status')),
                    ('rio_id', models.CharField(blank=True, max_length=60, verbose_name='RIO id')),
                    ('municipality', models.CharField(blank=True, max_length=100, verbose_name='municipality')),
                    ('status', models.CharField(choices=[('admitted', 'admitted'), ('suspended', 'suspended'), ('ended', 'ended')], default='admitted', max_length=20, verbose_name='status')),
                ],
                options={
                    'verbose_name': 'provider',
                    'verbose_name_plural': 'providers',
                    'ordering': ['name'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kvk__regex', '^[0-9]{8}$')), name='provider_kvk_8_digits')],
                },
            ),
            migrations.CreateModel(
                name='ProviderSeat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provider_seats', to=settings.AUTH_USER_MODEL)),
                    ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='register.provider')),
                    ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'verbose_name': 'seat at a provider',
                    'verbose_name_plural': 'seats at providers',
                    'constraints': [models.UniqueConstraint(fields=('user', 'provider'), name='provider_seat_unique')],
                },
            ),
            migrations.CreateModel(
                name='Training',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='register.provider')),
                    ('title', models.CharField(max_length=200, verbose_name='title')),
                    ('description', models.CharField(blank=True, max_length=500, verbose_name='what you learn')),
                    ('sector', models.CharField(choices=[('A', 'agriculture'), ('B', 'mining'), ('C', 'industry'), ('D', 'energy'), ('E', 'water and waste'), ('F', 'construction'), ('G', 'trade'), ('H', 'transport and storage'), ('I', 'hotels and restaurants'), ('J', 'information and communication'), ('K', 'finance'), ('L', 'real estate'), ('M', 'advice and research'), ('N', 'business services and temporary work'), ('O', 'public administration'), ('P', 'education'), ('Q', 'health and care'), ('R', 'culture, sport and recreation'), ('S', 'other services'), ('T', 'households'), ('U', 'international organisations')], max_length=1, verbose_name='sector')),
                    ('sector_version', models.CharField(default='2008', max_length=4, verbose_name='version of the sector list')),
                    ('level', models.CharField(blank=True, choices=[('none', 'no diploma'), ('vmbo', 'VMBO'), ('mbo1', 'MBO 1'), ('mbo2', 'MBO 2'), ('mbo3', 'MBO 3'), ('mbo4', 'MBO 4'), ('havo_vwo', 'HAVO or VWO'), ('hbo', 'HBO'), ('wo', 'university')], max_length=10, verbose_name='level')),
                    ('outcome', models.CharField(choices=[('diploma', 'diploma'), ('mbo_certificate', 'MBO certificate'), ('practice_declaration', 'practice declaration'), ('trade_certificate', 'trade certificate'), ('evc', 'certificate of experience (EVC)'), ('participation', 'proof of participation')], max_length=30, verbose_name='outcome')),
                    ('crebo', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^[0-9]{5}$', 'A CREBO code has 5 digits.')], verbose_name='CREBO code')),
                    ('rio_id', models.CharField(blank=True, max_length=60, verbose_name='RIO id')),
                    ('hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours of teaching')),
                    ('language', models.CharField(choices=[('nl', 'Dutch'), ('en', 'English'), ('pl', 'Polish'), ('de', 'German'), ('uk', 'Ukrainian'), ('ar', 'Arabic')], default='nl', max_length=10, verbose_name='language of teaching')),
                    ('wheelchair', models.BooleanField(default=False, verbose_name='reachable by wheelchair')),
                    ('plain_language', models.BooleanField(default=False, verbose_name='easy to read')),
                    ('extra_guidance', models.BooleanField(default=False, verbose_name='with extra guidance')),
                    ('price_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'EUR')], default='EUR', editable=False, max_length=3)),
                    ('price', djmoney.models.fields.MoneyField(currency_choices=[('EUR', 'EUR')], decimal_places=2, max_digits=11, verbose_name='price')),
                    ('exam_price_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'EUR')], default='EUR', editable=False, max_length=3)),
                    ('exam_price', djmoney.models.fields.MoneyField(currency_choices=[('EUR', 'EUR')], decimal_places=2, default=djmoney.money.Money(0, 'EUR'), max_digits=11, verbose_name='of which exam')),
                    ('books_price_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'EUR')], default='EUR', editable=False, max_length=3)),
                    ('books_price', djmoney.models.fields.MoneyField(currency_choices=[('EUR', 'EUR')], decimal_places=2, default=djmoney.money.Money(0, 'EUR'), max_digits=11, verbose_name='of which books')),
                    ('is_open', models.BooleanField(default=True, verbose_name='can be asked for')),
                ],
                options={
                    'verbose_name': 'training',
                    'verbose_name_plural': 'trainings',
                    'ordering': ['title'],
                    'indexes': [models.Index(fields=['is_open', 'sector'], name='training_by_sector')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('price__gte', Decimal('0')), ('price_currency', 'EUR')), name='training_price_in_euros'), models.CheckConstraint(condition=models.Q(('exam_price__gte', Decimal('0')), ('exam_price_currency', 'EUR')), name='training_exam_price_in_euros'), models.CheckConstraint(condition=models.Q(('books_price__gte', Decimal('0')), ('books_price_currency', 'EUR')), name='training_books_price_in_euros'), models.CheckConstraint(condition=models.Q(('price__gte', django.db.models.expressions.CombinedExpression(models.F('exam_price'), '+', models.F('books_price')))), name='training_parts_within_price')],
                },
            ),
            migrations.CreateModel(
                name='TrainingPrice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('training', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='register.training')),
                    ('price_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'EUR')], default='EUR', editable=False, max_length=3)),
                    ('price', djmoney.models.fields.MoneyField(currency_choices=[('EUR', 'EUR')], decimal_places=2, max_digits=11, verbose_name='price')),
                    ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ],
                options={
                    'verbose_name': 'price of a training',
                    'verbose_name_plural': 'prices of trainings',
                    'ordering': ['valid_from', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('price__gte', Decimal('0')), ('price_currency', 'EUR')), name='training_past_price_in_euros'), models.UniqueConstraint(fields=('training', 'valid_from'), name='training_one_price_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Edition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('training', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='register.training')),
                    ('starts_on', models.DateField(verbose_name='start')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='end')),
                    ('place', models.CharField(blank=True, max_length=100, verbose_name='place')),
                    ('is_evening', models.BooleanField(default=False, verbose_name='in the evening')),
                    ('is_online', models.BooleanField(default=False, verbose_name='online')),
                    ('seats', models.PositiveIntegerField(verbose_name='seats')),
                ],
                options={
                    'verbose_name': 'edition',
                    'verbose_name_plural': 'editions',
                    'ordering': ['starts_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='edition_ends_after_start')],
                },
            ),
        ]),
    ]
