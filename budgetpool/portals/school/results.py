"""How the training of one person ended: the result, its paper, and what the paper says."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from allocation.decisions import attending, places, proofs
from allocation.models import Award, Proof
from allocation.rules import courses
from budgetpool.portals.access import person as actor_of
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.components.refusals import say
from budgetpool.portals.school.door import person_required
from budgetpool.portals.school.forms import DetailsForm, ResultForm
from budgetpool.refusals import NotReady
from budgetpool.register.models import Provider
from workers.files.kinds import BYTES_MAX
from workers.models import Document

AT_ONCE_MAX = 10
UPLOADS_PER_HOUR = 200


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def result(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """What the person got."""
    form = ResultForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("school:result-of", provider.pk, award.pk, form.cleaned_data["kind"])
    places.look(awards=[award], actor=actor_of(request))
    context = {
        "provider": provider,
        "award": award,
        "form": form,
        "percent": attending.percent(award),
    }
    return render(request, "school/result.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("school-upload", most=UPLOADS_PER_HOUR)
@person_required
def result_of(request: HttpRequest, provider: Provider, award: Award, kind: str) -> HttpResponse:
    """The papers of one kind of result, what they say, and the button that sends it."""
    if kind not in Proof.Kind.values:
        raise Http404
    training, _edition = courses.of(award)
    sending = "send" in request.POST
    form = DetailsForm(
        request.POST if sending else None,
        kind=kind,
        crebo=training.crebo if training else "",
        name=award.request.worker.name,
    )
    if request.method == "POST" and not sending:
        _receive(request, award)
        return redirect("school:result-of", provider.pk, award.pk, kind)
    if sending and form.is_valid():
        try:
            proofs.send_by_school(award=award, actor=actor_of(request), **form.details())
        except NotReady as refused:
            messages.error(request, say(refused))
            return redirect("school:result-of", provider.pk, award.pk, kind)
        messages.success(request, _("The counter looks at it within a week. You get a message."))
        return redirect("school:person", provider.pk, award.pk)
    places.look(awards=[award], actor=actor_of(request))
    context = {
        "provider": provider,
        "award": award,
        "form": form,
        "kind": kind,
        "title": dict(ResultForm.base_fields["kind"].choices)[kind],  # type: ignore[attr-defined]
        "needs_paper": kind != Proof.Kind.ATTENDANCE,
        "percent": attending.percent(award),
        "documents": award.request.documents.filter(purpose=Document.Purpose.PROOF),
    }
    return render(request, "school/result_of.html", context, status=422 if form.errors else 200)


def _receive(request: HttpRequest, award: Award) -> None:
    """Keep the photos and PDFs that were sent, and say of each other one why not."""
    sent, kept = request.FILES.getlist("files"), 0
    if not sent:
        messages.error(request, _("Choose a photo or a PDF first."))
    for upload in sent[:AT_ONCE_MAX]:
        name = upload.name or ""
        try:
            if (upload.size or 0) > BYTES_MAX:
                raise NotReady("file_too_large", most_bytes=BYTES_MAX)
            proofs.add_paper(award=award, actor=actor_of(request), name=name, data=upload.read())
        except NotReady as refused:
            messages.error(request, f"{name[:60]}: {say(refused)}")
        else:
            kept += 1
    if kept:
        said = ngettext("%(count)s file is saved.", "%(count)s files are saved.", kept)
        messages.success(request, said % {"count": kept})
