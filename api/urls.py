"""Addresses below /v1: nouns, no slash at the end."""

from django.urls import path

from api.views import (
    afterwards,
    awards,
    clients,
    documentation,
    invoices,
    oauth,
    open_data,
    proofs,
    requests,
    sandbox,
    schools,
    starts,
    statements,
    tokens,
    webhooks,
)

app_name = "api"
urlpatterns = [
    path("openapi.json", documentation.openapi, name="openapi"),
    path("docs", documentation.docs, name="docs"),
    path("regions", open_data.RegionList.as_view(), name="regions"),
    path("regions/<slug:regionCode>", open_data.RegionDetail.as_view(), name="region"),
    path("regions/<slug:regionCode>/fund", open_data.FundDetail.as_view(), name="fund"),
    path("regions/<slug:regionCode>/rounds", open_data.RoundList.as_view(), name="rounds"),
    path("rounds/<int:roundId>", open_data.RoundDetail.as_view(), name="round"),
    path("rounds/<int:roundId>/results", open_data.RoundResults.as_view(), name="results"),
    path("providers", open_data.ProviderList.as_view(), name="providers"),
    path("providers/<int:providerId>", open_data.ProviderDetail.as_view(), name="provider"),
    path("trainings", open_data.TrainingList.as_view(), name="trainings"),
    path("trainings/<int:trainingId>", open_data.TrainingDetail.as_view(), name="training"),
    path("trainings/<int:trainingId>/editions", open_data.EditionList.as_view(), name="editions"),
    path("training-requests", requests.RequestList.as_view(), name="requests"),
    path("oauth/token", oauth.TokenEndpoint.as_view(), name="oauth-token"),
    path("client", clients.ClientDetail.as_view(), name="client"),
    path("client/trail", clients.TrailList.as_view(), name="trail"),
    path("client/credentials", clients.CredentialList.as_view(), name="credentials"),
    path(
        "client/credentials/<int:credentialId>",
        clients.CredentialDetail.as_view(),
        name="credential",
    ),
    path("webhooks", webhooks.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<int:webhookId>", webhooks.WebhookDetail.as_view(), name="webhook"),
    path(
        "webhooks/<int:webhookId>/secret",
        webhooks.WebhookSecret.as_view(),
        name="webhook-secret",
    ),
    path("webhooks/<int:webhookId>/test", webhooks.WebhookTest.as_view(), name="webhook-test"),
    path(
        "webhooks/<int:webhookId>/deliveries",
        webhooks.DeliveryList.as_view(),
        name="webhook-deliveries",
    ),
    path(
        "webhooks/<int:webhookId>/replays",
        webhooks.DeliveryReplay.as_view(),
        name="webhook-replays",
    ),
    path("school-awards", schools.SchoolAwardList.as_view(), name="school-awards"),
    path("school-awards/<int:requestId>", schools.SchoolAwardDetail.as_view(), name="school-award"),
    path("school-awards/<int:requestId>/start", schools.SchoolStart.as_view(), name="school-start"),
    path(
        "school-awards/<int:requestId>/attendance", schools.Attendance.as_view(), name="attendance"
    ),
    path("invoices", invoices.InvoiceList.as_view(), name="invoices"),
    path("invoices/<int:invoiceId>", invoices.InvoiceDetail.as_view(), name="invoice"),
    path(
        "invoices/<int:invoiceId>/withdrawal",
        invoices.InvoiceWithdrawal.as_view(),
        name="invoice-withdrawal",
    ),
    path(
        "funds/<slug:regionCode>/statements",
        statements.StatementList.as_view(),
        name="statements",
    ),
    path(
        "funds/<slug:regionCode>/statements/<int:statementId>",
        statements.StatementDetail.as_view(),
        name="statement",
    ),
    path("sandbox", sandbox.SandboxDetail.as_view(), name="sandbox"),
    path("sandbox/clock", sandbox.SandboxClock.as_view(), name="sandbox-clock"),
    path("tokens", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/<int:tokenId>", tokens.TokenDetail.as_view(), name="token"),
    path("training-request-batches", requests.RequestBatch.as_view(), name="batches"),
    path(
        "training-requests/<int:requestId>/withdrawal",
        requests.RequestWithdrawal.as_view(),
        name="withdrawal",
    ),
    path(
        "training-requests/<int:requestId>/objection",
        afterwards.ObjectionDetail.as_view(),
        name="objection",
    ),
    path(
        "training-requests/<int:requestId>/objection/withdrawal",
        afterwards.ObjectionWithdrawal.as_view(),
        name="objection-withdrawal",
    ),
    path(
        "training-requests/<int:requestId>/payments",
        afterwards.PaymentList.as_view(),
        name="payments",
    ),
    path("training-requests/<int:requestId>/award", awards.AwardDetail.as_view(), name="award"),
    path(
        "training-requests/<int:requestId>/award/acceptance",
        awards.AwardAcceptance.as_view(),
        name="acceptance",
    ),
    path(
        "training-requests/<int:requestId>/award/decline",
        awards.AwardDecline.as_view(),
        name="decline",
    ),
    path("training-requests/<int:requestId>", requests.RequestDetail.as_view(), name="request"),
    path(
        "training-requests/<int:requestId>/decision",
        requests.RequestDecision.as_view(),
        name="decision",
    ),
    path(
        "training-requests/<int:requestId>/start",
        starts.StartDetail.as_view(),
        name="start",
    ),
    path(
        "training-requests/<int:requestId>/proofs",
        proofs.ProofList.as_view(),
        name="proofs",
    ),
]
