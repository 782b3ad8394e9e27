"""The school's pages; every address names the school, and the door checks the seat there."""

from django.urls import path, re_path

from budgetpool.portals.school import (
    course,
    editions,
    home,
    invoicing,
    moving,
    people,
    pricing,
    results,
)

app_name = "school"

urlpatterns = [
    re_path("^schools/?$", home.start, name="start"),
    path("schools/<key:provider>", home.home, name="home"),
    path("schools/<key:provider>/people", people.listing, name="people"),
    path("schools/<key:provider>/people/<key:pk>", people.person, name="person"),
    path("schools/<key:provider>/people/<key:pk>/confirm", course.confirm, name="confirm"),
    path("schools/<key:provider>/people/<key:pk>/begin", course.begin, name="begin"),
    path("schools/<key:provider>/people/<key:pk>/week", course.week, name="week"),
    path("schools/<key:provider>/people/<key:pk>/gone", course.gone, name="gone"),
    path("schools/<key:provider>/people/<key:pk>/move", moving.move, name="move"),
    path("schools/<key:provider>/people/<key:pk>/result", results.result, name="result"),
    path(
        "schools/<key:provider>/people/<key:pk>/result/<slug:kind>",
        results.result_of,
        name="result-of",
    ),
    path("schools/<key:provider>/starts", editions.listing, name="editions"),
    path("schools/<key:provider>/starts/<key:pk>/cancel", editions.cancel, name="cancel"),
    path("schools/<key:provider>/prices", pricing.listing, name="prices"),
    path("schools/<key:provider>/prices/<key:pk>", pricing.price, name="price"),
    path("schools/<key:provider>/invoices", invoicing.listing, name="invoices"),
    path("schools/<key:provider>/invoices/new", invoicing.new, name="invoice-new"),
    path("schools/<key:provider>/invoices/upload", invoicing.upload, name="invoice-upload"),
    path(
        "schools/<key:provider>/invoices/<key:pk>/withdrawal",
        invoicing.withdrawal,
        name="invoice-withdrawal",
    ),
]
