"""Add files to a request, look at them, take them away."""

from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allocation.decisions import proofs
from budgetpool.portals.access import person
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.application.steps import BY_SLUG
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import NotReady
from workers import files as services
from workers.files.kinds import BYTES_MAX
from workers.models import Document, TrainingRequest

AT_ONCE_MAX: Final = 10
UPLOADS_PER_HOUR: Final = 40


@require_http_methods(["GET", "POST"])
@limited("upload", most=UPLOADS_PER_HOUR)
@request_required
def files(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Several photos or PDFs at once; each is judged for itself."""
    if request.method == "POST":
        receive(request, asked, Document.Purpose.OFFER)
        return redirect("apply:files", asked.pk)
    documents = asked.documents.exclude(purpose=Document.Purpose.PROOF)
    context = {"step": BY_SLUG["files"], "documents": documents}
    return page(request, asked, "application/files.html", context)


def receive(request: HttpRequest, asked: TrainingRequest, purpose: str) -> int:
    """Store what was sent; says how many were kept, and of each other one why not."""
    kept = 0
    sent = request.FILES.getlist("files")
    if not sent:
        messages.error(request, _("Choose a photo or a PDF first."))
    for upload in sent[:AT_ONCE_MAX]:
        name = upload.name or ""
        try:
            if (upload.size or 0) > BYTES_MAX:
                raise NotReady("file_too_large", most_bytes=BYTES_MAX)
            services.add(
                actor=person(request),
                request=asked,
                purpose=purpose,
                name=name,
                data=upload.read(),
            )
        except NotReady as refused:
            messages.error(request, f"{name[:60]}: {say(refused)}")
        else:
            kept += 1
    if kept:
        said = ngettext("%(count)s file is saved.", "%(count)s files are saved.", kept)
        messages.success(request, said % {"count": kept})
    return kept


@require_GET
@request_required
def file(request: HttpRequest, asked: TrainingRequest, pk: int) -> HttpResponseBase:
    """The bytes of one file, as a download that no browser runs."""
    document = _document(asked, pk)
    stream = services.open_for(actor=person(request), document=document)
    answer = FileResponse(
        stream,
        content_type=document.content_type,
        as_attachment=True,
        filename=str(document.file.name).rsplit("/", 1)[-1],
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@request_required
def remove_file(request: HttpRequest, asked: TrainingRequest, pk: int) -> HttpResponse:
    """Take one file away."""
    document = _document(asked, pk)
    proof = document.purpose == Document.Purpose.PROOF
    remove = proofs.remove_document if proof else services.remove
    remove(actor=person(request), document=document)
    messages.success(request, _("The file is removed."))
    return redirect("apply:proof" if proof else "apply:files", asked.pk)


def _document(asked: TrainingRequest, pk: int) -> Document:
    document = asked.documents.filter(pk=pk).first()
    if document is None:
        raise Http404
    return document
