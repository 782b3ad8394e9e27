"""The board's pages; every address names the region, and the door checks the seat there."""

from django.urls import path

from budgetpool.portals.board import (
    blind_views,
    consultation_views,
    demand_views,
    laboratory_views,
    objection_views,
    odds_views,
    partner_views,
    policy_views,
    register_views,
    request_lists,
    request_views,
    seat_views,
    trail_views,
    views,
    work_views,
)

urlpatterns = [
    path("<slug:region>", views.home, name="board-home"),
    path("<slug:region>/policies", policy_views.listing, name="board-policies"),
    path("<slug:region>/policies/new", policy_views.new, name="board-policy-new"),
    path(
        "<slug:region>/policies/<key:pk>/consultation",
        consultation_views.begin,
        name="board-consultation-begin",
    ),
    path(
        "<slug:region>/consultations/<key:pk>",
        consultation_views.detail,
        name="board-consultation",
    ),
    path(
        "<slug:region>/consultations/<key:pk>/conclude",
        consultation_views.conclude,
        name="board-consultation-conclude",
    ),
    path(
        "<slug:region>/consultations/<key:pk>/measure",
        consultation_views.measure,
        name="board-consultation-measure",
    ),
    path(
        "<slug:region>/consultations/<key:pk>/comments/<key:number>",
        consultation_views.comment,
        name="board-comment",
    ),
    path("<slug:region>/unmet-demand", demand_views.unmet_demand, name="board-unmet-demand"),
    path("<slug:region>/laboratory", laboratory_views.home, name="board-laboratory"),
    path(
        "<slug:region>/laboratory/<key:number>", laboratory_views.run, name="board-laboratory-run"
    ),
    path(
        "<slug:region>/laboratory/<key:number>/stop",
        laboratory_views.stop,
        name="board-laboratory-stop",
    ),
    path(
        "<slug:region>/laboratory/<key:number>/plan.json",
        laboratory_views.plan,
        name="board-laboratory-plan",
    ),
    path("<slug:region>/partners", partner_views.listing, name="board-partners"),
    path(
        "<slug:region>/partners/credentials/<key:pk>/withdraw",
        partner_views.withdraw_credential,
        name="board-credential-withdraw",
    ),
    path(
        "<slug:region>/partners/programs/<key:pk>/shut-out",
        partner_views.shut_out,
        name="board-partner-shut-out",
    ),
    path(
        "<slug:region>/partners/<key:pk>/administrators",
        partner_views.administrator,
        name="board-partner-administrator",
    ),
    path(
        "<slug:region>/partners/administrators/<key:pk>/end",
        partner_views.end_administrator,
        name="board-partner-administrator-end",
    ),
    path(
        "<slug:region>/partners/tokens/<key:pk>/withdraw",
        partner_views.withdraw,
        name="board-token-withdraw",
    ),
    path("<slug:region>/seats", seat_views.listing, name="board-seats"),
    path("<slug:region>/seats/new", seat_views.new, name="board-seat-new"),
    path("<slug:region>/seats/<key:pk>/end", seat_views.end, name="board-seat-end"),
    path("<slug:region>/seats/changes/<key:pk>", seat_views.decide, name="board-seat-change"),
    path("<slug:region>/register", register_views.listing, name="board-register"),
    path("<slug:region>/register/<key:pk>", register_views.training, name="board-training"),
    path("<slug:region>/trail", trail_views.listing, name="board-trail"),
    path("<slug:region>/people", trail_views.people, name="board-people"),
    path("<slug:region>/objections", objection_views.listing, name="board-objections"),
    path("<slug:region>/objections/<key:pk>", objection_views.detail, name="board-objection"),
    path(
        "<slug:region>/objections/<key:pk>/steps/<slug:verb>",
        objection_views.take_step,
        name="board-objection-step",
    ),
    path("<slug:region>/rounds/new", views.new_round, name="board-round-new"),
    path("<slug:region>/rounds/<slug:code>", views.round, name="board-round"),
    path("<slug:region>/rounds/<slug:code>/change", views.change_round, name="board-round-change"),
    path("<slug:region>/rounds/<slug:code>/steps/<slug:verb>", views.take_step, name="board-step"),
    path(
        "<slug:region>/rounds/<slug:code>/exact-lines.zip",
        views.exact_lines,
        name="board-exact-lines",
    ),
    path("<slug:region>/rounds/<slug:code>/record.pdf", views.record, name="board-record"),
    path("<slug:region>/rounds/<slug:code>/work", work_views.work, name="board-work"),
    path(
        "<slug:region>/rounds/<slug:code>/work/<key:pk>/stop",
        work_views.cancel,
        name="board-work-cancel",
    ),
    path("<slug:region>/rounds/<slug:code>/odds", odds_views.listing, name="board-odds"),
    path(
        "<slug:region>/rounds/<slug:code>/difference",
        request_lists.difference,
        name="board-difference",
    ),
    path("<slug:region>/rounds/<slug:code>/requests", request_lists.listing, name="board-requests"),
    path("<slug:region>/rounds/<slug:code>/look", blind_views.look, name="board-look"),
    path(
        "<slug:region>/rounds/<slug:code>/requests/<key:pk>",
        request_views.detail,
        name="board-request",
    ),
    path(
        "<slug:region>/rounds/<slug:code>/requests/<key:pk>/adjust",
        request_views.adjust,
        name="board-adjust",
    ),
    path(
        "<slug:region>/rounds/<slug:code>/requests/<key:pk>/interest",
        request_views.interest,
        name="board-interest",
    ),
]
