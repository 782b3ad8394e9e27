"""Pages of a partner's administrator; every address names the partner, the door checks it."""

from django.urls import path, re_path

from budgetpool.portals.partner import credentials, home

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
]
