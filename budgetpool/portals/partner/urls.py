"""Pages of a partner's administrator; every address names the partner, the door checks it."""

from django.urls import path, re_path

from budgetpool.portals.partner import credentials, home, sheets, webhooks

app_name = "partner"

urlpatterns = [
    re_path("^partners/?$", home.start, name="start"),
    path("partners/<int:partner>", home.home, name="home"),
    path("partners/<int:partner>/secrets", credentials.new_secret, name="secret-new"),
    path("partners/<int:partner>/keys", credentials.new_key, name="key-new"),
    path(
        "partners/<int:partner>/credentials/<int:pk>/rotate",
        credentials.rotate,
        name="credential-rotate",
    ),
    path(
        "partners/<int:partner>/credentials/<int:pk>/withdraw",
        credentials.withdraw,
        name="credential-withdraw",
    ),
    path("partners/<int:partner>/files", sheets.listing, name="sheets"),
    path("partners/<int:partner>/files/<slug:kind>", sheets.one, name="sheet"),
    path(
        "partners/<int:partner>/files/<slug:kind>/template.<slug:ending>",
        sheets.template,
        name="sheet-template",
    ),
    path("partners/<int:partner>/webhooks", webhooks.listing, name="webhooks"),
    path("partners/<int:partner>/webhooks/new", webhooks.new, name="webhook-new"),
    path("partners/<int:partner>/webhooks/<int:pk>", webhooks.one, name="webhook"),
    path("partners/<int:partner>/webhooks/<int:pk>/test", webhooks.test, name="webhook-test"),
    path("partners/<int:partner>/webhooks/<int:pk>/secret", webhooks.rotate, name="webhook-rotate"),
    path("partners/<int:partner>/webhooks/<int:pk>/end", webhooks.end, name="webhook-end"),
    path("partners/<int:partner>/webhooks/<int:pk>/anew", webhooks.anew, name="webhook-anew"),
]
