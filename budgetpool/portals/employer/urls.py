"""The employer's pages; every address names the employer, and the door checks the place there."""

from django.urls import path, re_path

from budgetpool.portals.employer import (
    account,
    certificates,
    flex,
    home,
    invitations,
    payments,
    people,
    pledges,
    registration,
)

app_name = "employer"

urlpatterns = [
    re_path("^employers/?$", home.start, name="start"),
    path("employers/register/<slug:region>", registration.register, name="register"),
    path("employers/invitations/<str:secret>", invitations.accept, name="accept"),
    path("employers/<key:employer>", home.home, name="home"),
    path("employers/<key:employer>/pledges", pledges.listing, name="pledges"),
    path("employers/<key:employer>/pledges/new", pledges.new, name="pledge-new"),
    path("employers/<key:employer>/pledges/<key:pk>/change", pledges.change, name="pledge-change"),
    path("employers/<key:employer>/contributions", payments.listing, name="payments"),
    path("employers/<key:employer>/contributions/<key:pk>", payments.detail, name="payment"),
    path("employers/<key:employer>/contributions/account/<key:year>", account.show, name="account"),
    path(
        "employers/<key:employer>/contributions/account/<key:year>.csv",
        account.as_csv,
        name="account-csv",
    ),
    path(
        "employers/<key:employer>/contributions/account/<key:year>.xlsx",
        account.as_xlsx,
        name="account-xlsx",
    ),
    path(
        "employers/<key:employer>/contributions/account/<key:year>.pdf",
        account.as_pdf,
        name="account-pdf",
    ),
    path("employers/<key:employer>/people", people.listing, name="people"),
    path("employers/<key:employer>/people/invite", people.invite, name="invite"),
    path("employers/<key:employer>/people/<key:pk>", people.change, name="person"),
    path(
        "employers/<key:employer>/invitations/<key:pk>/withdraw",
        people.withdraw,
        name="invitation-withdraw",
    ),
    path("employers/<key:employer>/flex", flex.overview, name="flex"),
    path("employers/<key:employer>/flex/codes/new", flex.new_code, name="code-new"),
    path("employers/<key:employer>/flex/codes/<key:pk>", flex.poster, name="poster"),
    path("employers/<key:employer>/flex/codes/<key:pk>/end", flex.end_code, name="code-end"),
    path("employers/<key:employer>/flex/mirror", flex.mirror, name="mirror"),
    path("employers/<key:employer>/flex/demand", flex.demand, name="demand"),
    path(
        "employers/<key:employer>/flex/demand/<key:pk>/withdraw",
        flex.withdraw_demand,
        name="demand-withdraw",
    ),
    path("employers/<key:employer>/certificates", certificates.listing, name="certificates"),
    path(
        "employers/<key:employer>/certificates/<key:pk>.pdf",
        certificates.as_pdf,
        name="certificate-pdf",
    ),
    path(
        "employers/<key:employer>/certificates/<key:pk>/withdraw",
        certificates.withdraw,
        name="certificate-withdraw",
    ),
    path("certificates", certificates.look_up, name="certificate-look-up"),
    path("certificates/<str:code>", certificates.confirm, name="certificate-confirm"),
]
