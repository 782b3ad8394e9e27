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
    path("employers/<int:employer>", home.home, name="home"),
    path("employers/<int:employer>/pledges", pledges.listing, name="pledges"),
    path("employers/<int:employer>/pledges/new", pledges.new, name="pledge-new"),
    path("employers/<int:employer>/pledges/<int:pk>/change", pledges.change, name="pledge-change"),
    path("employers/<int:employer>/contributions", payments.listing, name="payments"),
    path("employers/<int:employer>/contributions/<int:pk>", payments.detail, name="payment"),
    path("employers/<int:employer>/contributions/account/<int:year>", account.show, name="account"),
    path(
        "employers/<int:employer>/contributions/account/<int:year>.csv",
        account.as_csv,
        name="account-csv",
    ),
    path(
        "employers/<int:employer>/contributions/account/<int:year>.xlsx",
        account.as_xlsx,
        name="account-xlsx",
    ),
    path(
        "employers/<int:employer>/contributions/account/<int:year>.pdf",
        account.as_pdf,
        name="account-pdf",
    ),
    path("employers/<int:employer>/people", people.listing, name="people"),
    path("employers/<int:employer>/people/invite", people.invite, name="invite"),
    path("employers/<int:employer>/people/<int:pk>", people.change, name="person"),
    path(
        "employers/<int:employer>/invitations/<int:pk>/withdraw",
        people.withdraw,
        name="invitation-withdraw",
    ),
    path("employers/<int:employer>/flex", flex.overview, name="flex"),
    path("employers/<int:employer>/flex/codes/new", flex.new_code, name="code-new"),
    path("employers/<int:employer>/flex/codes/<int:pk>", flex.poster, name="poster"),
    path("employers/<int:employer>/flex/codes/<int:pk>/end", flex.end_code, name="code-end"),
    path("employers/<int:employer>/flex/mirror", flex.mirror, name="mirror"),
    path("employers/<int:employer>/flex/demand", flex.demand, name="demand"),
    path(
        "employers/<int:employer>/flex/demand/<int:pk>/withdraw",
        flex.withdraw_demand,
        name="demand-withdraw",
    ),
    path("employers/<int:employer>/certificates", certificates.listing, name="certificates"),
    path(
        "employers/<int:employer>/certificates/<int:pk>.pdf",
        certificates.as_pdf,
        name="certificate-pdf",
    ),
    path(
        "employers/<int:employer>/certificates/<int:pk>/withdraw",
        certificates.withdraw,
        name="certificate-withdraw",
    ),
    path("certificates", certificates.look_up, name="certificate-look-up"),
    path("certificates/<str:code>", certificates.confirm, name="certificate-confirm"),
]
