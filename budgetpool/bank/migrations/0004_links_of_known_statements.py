"""The statements that are booked already become the first links of their accounts' chains."""

from django.db import migrations


def link(apps, schema_editor):
    """A statement that knew some of its entries from before proves only the rest of them."""
    statements = apps.get_model("bank", "BankStatement").objects
    links = apps.get_model("bank", "ChainLink").objects
    known = statements.exclude(opening_cents=None).exclude(closing_cents=None).exclude(date=None)
    for row in known.order_by("date", "pk").iterator():
        entries = list(row.entries.values_list("date", "amount_cents"))
        if not entries and row.known_count:
            continue
        days = [day for day, _cents in entries] or [row.date]
        booked = sum(cents for _day, cents in entries)
        links.create(
            fund_iban_id=row.fund_iban_id,
            statement=row,
            from_cents=row.closing_cents - booked if row.known_count else row.opening_cents,
            until_cents=row.closing_cents,
            first_on=min(days),
            last_on=max(days),
            ends_on=row.date,
        )


class Migration(migrations.Migration):

    dependencies = [("bank", "0003_proven_chain")]

    operations = [migrations.RunPython(link, migrations.RunPython.noop)]
