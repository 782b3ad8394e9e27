"""Everything about one request, for its worker and for the adviser who helps."""

from django.urls import path

from budgetpool.portals.application import (
    afterwards,
    answering,
    arranging,
    attaching,
    choosing,
    peering,
    proving,
    references,  # noqa: F401 (the converter `ref`)
    replacing,
    sending,
    sent,
    starting,
)

app_name = "apply"

urlpatterns = [
    path("<ref:number>", sending.request, name="request"),
    path("<ref:number>/go-on", answering.go_on, name="go-on"),
    path("<ref:number>/questions/<slug:slug>", answering.step, name="step"),
    path("<ref:number>/questions/<slug:slug>/save", answering.save, name="save"),
    path("<ref:number>/choices", choosing.choices, name="choices"),
    path("<ref:number>/choices/<key:rank>", choosing.choice, name="choice"),
    path("<ref:number>/choices/<key:rank>/costs/<slug:kind>", choosing.cost, name="cost"),
    path("<ref:number>/trainings", choosing.trainings, name="trainings"),
    path("<ref:number>/trainings/other", choosing.propose, name="propose"),
    path("<ref:number>/trainings/gap-year", choosing.gap_year, name="gap-year"),
    path("<ref:number>/trainings/<key:training>", choosing.training, name="training"),
    path("<ref:number>/files", attaching.files, name="files"),
    path("<ref:number>/files/<key:pk>", attaching.file, name="file"),
    path("<ref:number>/files/<key:pk>/remove", attaching.remove_file, name="remove-file"),
    path("<ref:number>/priority", sending.priority, name="priority"),
    path("<ref:number>/summary", sending.summary, name="summary"),
    path("<ref:number>/sent", sent.read, name="sent"),
    path("<ref:number>/sent.pdf", sent.as_pdf, name="sent-pdf"),
    path("<ref:number>/receipt", sending.receipt, name="receipt"),
    path("<ref:number>/withdraw", sending.withdraw, name="withdraw"),
    path("<ref:number>/reopen", sending.reopen, name="reopen"),
    path("<ref:number>/answer", afterwards.answer, name="answer"),
    path("<ref:number>/share", afterwards.share, name="share"),
    path("<ref:number>/objection", afterwards.objection, name="objection"),
    path(
        "<ref:number>/objection/withdraw",
        afterwards.withdraw_objection,
        name="withdraw-objection",
    ),
    path("<ref:number>/arrangement", arranging.arrangement, name="arrangement"),
    path("<ref:number>/group", peering.peers, name="peers"),
    path("<ref:number>/start", starting.start, name="start"),
    path("<ref:number>/proof", proving.proof, name="proof"),
    path("<ref:number>/proof/<slug:kind>", proving.proof_of, name="proof-of"),
    path("<ref:number>/replacement", replacing.replacement, name="replacement"),
    path("<ref:number>/stop", proving.stop, name="stop"),
]
