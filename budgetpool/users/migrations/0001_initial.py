import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

from budgetpool.first_tables import CreateModels


def make_tables(apps, schema_editor):
    """Make the tables of all caches that live in the database; those that exist are left."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                    ('language', models.CharField(default='nl', max_length=10, verbose_name='language')),
                    ('wants_daily_mail', models.BooleanField(db_default=True, default=True, verbose_name='an e-mail in the morning with what waits')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may enter the back office')),
                    ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='joined')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='user_email_unique')],
                },
            ),
            migrations.CreateModel(
                name='PhoneNumber',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='phone_number', to=settings.AUTH_USER_MODEL)),
                    ('number', models.CharField(max_length=16, unique=True, verbose_name='mobile number')),
                    ('proven_at', models.DateTimeField(blank=True, null=True, verbose_name='proven')),
                ],
                options={
                    'verbose_name': 'mobile number',
                    'verbose_name_plural': 'mobile numbers',
                },
            ),
            migrations.CreateModel(
                name='SignInLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_in_links', to=settings.AUTH_USER_MODEL)),
                    ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                    ('secret_sha256', models.CharField(max_length=64, unique=True, verbose_name='hash of the secret')),
                    ('onward', models.CharField(blank=True, max_length=500, verbose_name='page that was asked for')),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='used, or worth nothing any more')),
                ],
                options={
                    'verbose_name': 'sign-in link',
                    'verbose_name_plural': 'sign-in links',
                },
            ),
        ]),
        # The counters of limits live in the database too.
        migrations.RunPython(make_tables, migrations.RunPython.noop),
    ]
