"""Proofs of completed trainings: somebody of the desk looks, the award goes on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from allocation.decisions import proofs as services
from allocation.models import Proof
from budgetpool.audit import trail
from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Fund
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal
from workers.models import Document


class CheckForm(forms.Form):
    """Enough, or what is missing."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Does this prove that the training was completed?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, something is missing"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("If no: what is missing?"),
        help_text=gettext_lazy("The person reads this. Write it in plain words."),
        required=False,
        max_length=1000,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "no" and not data.get("answer", "").strip():
            self.add_error("answer", _("Write what is missing."))
        return data


@require_GET
@seat_required("adviser")
def proofs(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The proofs that wait for a look, the oldest first."""
    context = {"fund": fund, "region": fund.region, "proofs": services.waiting(fund.region)}
    return render(request, "adviser/proofs.html", context)


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def proof(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One proof with its papers, and the verdict."""
    found = _found(fund, pk)
    actor = person(request)
    award = found.award
    form = CheckForm(request.POST or None)
    try:
        services.may_check(found, actor)
        if request.method == "POST" and form.is_valid():
            if form.cleaned_data["verdict"] == "yes":
                services.accept(proof=found, actor=actor)
                messages.success(request, _("The training is completed. The rest can be paid."))
            else:
                services.refuse(proof=found, actor=actor, answer=form.cleaned_data["answer"])
                messages.success(request, _("The person gets a message."))
            return redirect("adviser:proofs", fund.region.slug)
    except Refusal as refused:
        messages.error(request, say(refused))
        return redirect("adviser:proofs", fund.region.slug)
    trail.record(
        actor=actor,
        action="worker.seen",
        subject=award.request.worker,
        region_code=fund.region.code,
        request=award.request_id,
        cause="proof",
    )
    context = {
        "fund": fund,
        "region": fund.region,
        "proof": found,
        "award": award,
        "documents": award.request.documents.filter(purpose=Document.Purpose.PROOF),
        "signatures": found.signatures.all(),
        "form": form,
    }
    return render(request, "adviser/proof.html", context)


@require_GET
@seat_required("adviser")
def proof_file(request: HttpRequest, fund: Fund, pk: int, document: int) -> HttpResponse:
    """One paper of a proof, as a download that no browser runs."""
    found = _found(fund, pk)
    paper = Document.objects.filter(pk=document, request=found.award.request_id).first()
    if paper is None:
        raise Http404
    try:
        stream = services.open_document(proof=found, document=paper, actor=person(request))
    except Refusal as refused:
        raise Http404 from refused
    with stream:
        answer = HttpResponse(stream.read(), content_type=paper.content_type)
    name = str(paper.file.name).rsplit("/", 1)[-1]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _found(fund: Fund, pk: int) -> Proof:
    found = services.waiting(fund.region).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
