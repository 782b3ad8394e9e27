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
    path("schools/<int:provider>", home.home, name="home"),
    path("schools/<int:provider>/people", people.listing, name="people"),
    path("schools/<int:provider>/people/<int:pk>", people.person, name="person"),
    path("schools/<int:provider>/people/<int:pk>/confirm", course.confirm, name="confirm"),
    path("schools/<int:provider>/people/<int:pk>/begin", course.begin, name="begin"),
    path("schools/<int:provider>/people/<int:pk>/week", course.week, name="week"),
    path("schools/<int:provider>/people/<int:pk>/gone", course.gone, name="gone"),
    path("schools/<int:provider>/people/<int:pk>/move", moving.move, name="move"),
    path("schools/<int:provider>/people/<int:pk>/result", results.result, name="result"),
    path(
        "schools/<int:provider>/people/<int:pk>/result/<slug:kind>",
        results.result_of,
        name="result-of",
    ),
    path("schools/<int:provider>/starts", editions.listing, name="editions"),
    path("schools/<int:provider>/starts/<int:pk>/cancel", editions.cancel, name="cancel"),
    path("schools/<int:provider>/prices", pricing.listing, name="prices"),
    path("schools/<int:provider>/prices/<int:pk>", pricing.price, name="price"),
    path("schools/<int:provider>/invoices", invoicing.listing, name="invoices"),
    path("schools/<int:provider>/invoices/new", invoicing.new, name="invoice-new"),
    path("schools/<int:provider>/invoices/upload", invoicing.upload, name="invoice-upload"),
    path(
        "schools/<int:provider>/invoices/<int:pk>/withdrawal",
        invoicing.withdrawal,
        name="invoice-withdrawal",
    ),
]
