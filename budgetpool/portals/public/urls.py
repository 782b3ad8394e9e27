"""The pages that everybody may see."""

from django.urls import path

from budgetpool.portals.public import consultation_views, views

urlpatterns = [
    path("", views.front, name="front"),
    path("how-we-divide", views.rule, name="rule"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
    path("c/<slug:code>", views.invited, name="invited"),
    path("c/<slug:code>/qr.svg", views.qr_code_of, name="outreach-qr"),
    path("r/<slug:region>", views.short_link, name="short-link"),
    path("regions/<slug:region>", views.region, name="region"),
    path("regions/<slug:region>/qr.svg", views.qr_code, name="region-qr"),
    path(
        "regions/<slug:region>/consultations",
        consultation_views.listing,
        name="public-consultations",
    ),
    path(
        "regions/<slug:region>/consultations/<key:pk>",
        consultation_views.detail,
        name="public-consultation",
    ),
    path(
        "regions/<slug:region>/consultations/<key:pk>/mine/<slug:key>",
        consultation_views.own,
        name="own-comment",
    ),
    path("regions/<slug:region>/rounds/<slug:code>", views.round, name="public-round"),
    path(
        "regions/<slug:region>/rounds/<slug:code>/algorithm.json",
        views.algorithm_record,
        name="algorithm-record",
    ),
    path("regions/<slug:region>/rounds/<slug:code>/check.zip", views.check_files, name="check"),
]
