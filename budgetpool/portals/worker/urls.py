"""A worker's own pages, and the two that everybody may see before they ask."""

from django.urls import path

from budgetpool.portals.worker import (
    around,
    checking,
    data,
    first_steps,
    help,
    home,
    learning,
    own_helpers,
)

app_name = "worker"

urlpatterns = [
    path("my", home.home, name="home"),
    path("apply/<slug:region>", home.start, name="start"),
    path("apply/<slug:region>/begin", home.begin, name="begin"),
    path("apply/<slug:region>/check", checking.check, name="check"),
    path("apply/<slug:region>/help", help.ask, name="ask-help"),
    path("my/help", help.mandates, name="help"),
    path("my/help/<key:pk>/stop", help.revoke, name="revoke"),
    path("my/help/own", own_helpers.own_helpers, name="own-helpers"),
    path("my/help/own/<key:pk>/stop", own_helpers.stop_helper, name="stop-helper"),
    path("helping", own_helpers.helping, name="helping"),
    path("helping/<key:pk>/stop", own_helpers.stop_helping, name="stop-helping"),
    path("helping/<str:secret>", own_helpers.accept, name="accept-helping"),
    path("apply/<slug:region>/benefits", around.benefits, name="benefits"),
    path("my/learning/strengths", around.strengths, name="strengths"),
    path("my/learning/strengths/remove", around.remove_strengths, name="remove-strengths"),
    path("my/learning/story", around.story, name="story"),
    path("my/learning/story/take-back", around.take_story_back, name="take-story-back"),
    path("my/learning", learning.learning, name="learning"),
    path("my/learning/month", learning.month, name="month"),
    path("my/learning/questions", learning.intake, name="intake"),
    path("my/learning/questions/forget", learning.forget, name="forget-intake"),
    path("my/learning/letter", learning.letter, name="letter"),
    path("my/first-step", first_steps.first_step, name="first-step"),
    path("my/first-step/<key:pk>", first_steps.end_first_step, name="end-first-step"),
    path("my/data", data.data, name="data"),
    path("my/data/all.zip", data.take, name="take-data"),
    path("my/data/erase", data.erase, name="erase"),
    path("my/follow-up/<key:pk>", home.follow_up, name="follow-up"),
]
