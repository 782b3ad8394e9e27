"""Pages of a partner's administrator; every address names the partner, the door checks it."""

from django.urls import path, re_path

from budgetpool.portals.partner import credentials, home, sheets, webhooks

app_name = "partner"

urlpatterns = [
    re_path("^partners/?$", home.start, name="start"),
    path("partners/<key:partner>", home.home, name="home"),
    path("partners/<key:partner>/secrets", credentials.new_secret, name="secret-new"),
    path("partners/<key:partner>/keys", credentials.new_key, name="key-new"),
    path(
        "partners/<key:partner>/credentials/<key:pk>/rotate",
        credentials.rotate,
        name="credential-rotate",
    ),
    path(
        "partners/<key:partner>/credentials/<key:pk>/withdraw",
        credentials.withdraw,
        name="credential-withdraw",
    ),
    path("partners/<key:partner>/files", sheets.listing, name="sheets"),
    path("partners/<key:partner>/files/<slug:kind>", sheets.one, name="sheet"),
    path(
        "partners/<key:partner>/files/<slug:kind>/template.<slug:ending>",
        sheets.template,
        name="sheet-template",
    ),
    path("partners/<key:partner>/webhooks", webhooks.listing, name="webhooks"),
    path("partners/<key:partner>/webhooks/new", webhooks.new, name="webhook-new"),
    path("partners/<key:partner>/webhooks/<key:pk>", webhooks.one, name="webhook"),
    path("partners/<key:partner>/webhooks/<key:pk>/test", webhooks.test, name="webhook-test"),
    path("partners/<key:partner>/webhooks/<key:pk>/secret", webhooks.rotate, name="webhook-rotate"),
    path("partners/<key:partner>/webhooks/<key:pk>/end", webhooks.end, name="webhook-end"),
    path("partners/<key:partner>/webhooks/<key:pk>/anew", webhooks.anew, name="webhook-anew"),
]
