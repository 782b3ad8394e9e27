"""The counter: the adviser's desk."""

from django.urls import path

from budgetpool.portals.adviser import (
    checks,
    desk,
    outreach,
    people,
    places,
    proofs,
    registers,
    schools,
    starts,
    stories,
)

app_name = "adviser"

urlpatterns = [
    path("<slug:region>", desk.home, name="home"),
    path("<slug:region>/help/<key:pk>", desk.help, name="help"),
    path("<slug:region>/people/new", people.enter, name="enter"),
    path("<slug:region>/people/mandate", people.mandate, name="mandate"),
    path("<slug:region>/checks", checks.checks, name="checks"),
    path("<slug:region>/checks/<ref:number>", checks.refuse, name="refuse"),
    path("<slug:region>/starts", starts.starts, name="starts"),
    path("<slug:region>/starts/<key:pk>", starts.start, name="start"),
    path("<slug:region>/starts/<key:pk>/ask", starts.ask, name="ask-school"),
    path("<slug:region>/gone", schools.gone, name="gone"),
    path("<slug:region>/gone/<key:pk>", schools.decide_gone, name="decide-gone"),
    path("<slug:region>/schools", schools.schools, name="schools"),
    path("<slug:region>/schools/<key:pk>", schools.school, name="school"),
    path("<slug:region>/schools/<key:pk>/<key:seat>/end", schools.end_seat, name="end-seat"),
    path("<slug:region>/proofs", proofs.proofs, name="proofs"),
    path("<slug:region>/proofs/<key:pk>", proofs.proof, name="proof"),
    path(
        "<slug:region>/proofs/<key:pk>/papers/<key:document>", proofs.proof_file, name="proof-file"
    ),
    path("<slug:region>/outreach", outreach.outreach, name="outreach"),
    path("<slug:region>/outreach/<key:pk>/end", outreach.end_outreach, name="end-outreach"),
    path("<slug:region>/stories", stories.stories, name="stories"),
    path("<slug:region>/stories/<key:pk>", stories.read_story, name="read-story"),
    path("<slug:region>/companions", registers.companions, name="companions"),
    path("<slug:region>/hosts", places.hosts, name="hosts"),
    path("<slug:region>/hosts/<key:pk>/close", places.close_host, name="close-host"),
    path("<slug:region>/first-steps", places.first_steps, name="first-steps"),
    path("<slug:region>/first-steps/<key:pk>", places.first_step, name="first-step"),
    path("<slug:region>/groups", places.groups, name="groups"),
    path("<slug:region>/groups/<key:pk>", places.group, name="group"),
    path("<slug:region>/interests", registers.interests, name="interests"),
    path("<slug:region>/interests/<key:pk>/end", registers.end_interest, name="end-interest"),
    path("people/<key:pk>", people.person, name="person"),
    path("people/<key:pk>/ask", people.ask, name="ask"),
    path("people/<key:pk>/note", people.note, name="note"),
    path("people/<key:pk>/referral", people.referral, name="referral"),
    path("people/<key:pk>/companion", people.companion, name="pair"),
    path("people/<key:pk>/stop", people.stop, name="stop"),
]
