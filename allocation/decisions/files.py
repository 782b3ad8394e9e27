"""The rows about one person that a round leaves behind, so that a look at them is found."""

from django.db.models import Model

from allocation.models import Award, Exclusion, Objection, ProviderDropout
from workers.models import Worker


def rows_about(worker: Worker) -> list[Model]:
    """Every row of a person whose page shows who they are: a look at it is a look at them."""
    return [
        *Award.objects.filter(request__worker=worker),
        *Objection.objects.filter(decision__request__worker=worker),
        *Exclusion.objects.filter(worker=worker),
        *ProviderDropout.objects.filter(replacements__award__request__worker=worker).distinct(),
    ]
