"""One person goes to another start of the same training."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allocation.decisions import moving, places
from allocation.models import Award
from allocation.rules import courses
from budgetpool.portals.access import person as actor_of
from budgetpool.portals.components.numbers import day
from budgetpool.portals.school.door import person_required
from budgetpool.portals.school.forms import MoveForm
from budgetpool.register.models import Provider


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def move(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """Choose among the starts with a free place; the person hears the new day."""
    training, present = courses.of(award)
    assert training is not None
    options = moving.options(training, present=present, today=timezone.localdate())
    form = MoveForm(request.POST if request.method == "POST" else None, options=options)
    if request.method == "POST" and form.is_valid():
        chosen = next(one for one in options if str(one.pk) == form.cleaned_data["edition"])
        moving.move(
            award=award, edition=chosen, cause=form.cleaned_data["cause"], actor=actor_of(request)
        )
        said = _("Moved to the start of %(day)s. The person gets a message.")
        messages.success(request, said % {"day": day(chosen.starts_on)})
        return redirect("school:person", provider.pk, award.pk)
    places.look(awards=[award], actor=actor_of(request))
    context = {
        "provider": provider,
        "award": award,
        "form": form,
        "present": present,
        "options": options,
    }
    return render(request, "school/move.html", context, status=422 if form.errors else 200)
