"""Addresses below /v1: nouns, no slash at the end."""

from django.urls import path

from api.views import documentation, open_data, proofs, requests, starts

app_name = "api"
urlpatterns = [
    path("openapi.json", documentation.openapi, name="openapi"),
    path("docs", documentation.docs, name="docs"),
    path("regions", open_data.RegionList.as_view(), name="regions"),
    path("regions/<slug:regionCode>", open_data.RegionDetail.as_view(), name="region"),
    path("regions/<slug:regionCode>/rounds", open_data.RoundList.as_view(), name="rounds"),
    path("rounds/<int:roundId>", open_data.RoundDetail.as_view(), name="round"),
    path("rounds/<int:roundId>/results", open_data.RoundResults.as_view(), name="results"),
    path("providers", open_data.ProviderList.as_view(), name="providers"),
    path("providers/<int:providerId>", open_data.ProviderDetail.as_view(), name="provider"),
    path("trainings", open_data.TrainingList.as_view(), name="trainings"),
    path("trainings/<int:trainingId>", open_data.TrainingDetail.as_view(), name="training"),
    path("trainings/<int:trainingId>/editions", open_data.EditionList.as_view(), name="editions"),
    path("training-requests", requests.RequestList.as_view(), name="requests"),
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
