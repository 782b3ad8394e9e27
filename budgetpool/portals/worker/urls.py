"""A worker's own pages, and the two that everybody may see before they ask."""

from django.urls import path

from budgetpool.portals.worker import checking, data, help, home, learning

app_name = "worker"

urlpatterns = [
    path("my", home.home, name="home"),
    path("apply/<slug:region>", home.start, name="start"),
    path("apply/<slug:region>/begin", home.begin, name="begin"),
    path("apply/<slug:region>/check", checking.check, name="check"),
    path("apply/<slug:region>/help", help.ask, name="ask-help"),
    path("my/help", help.mandates, name="help"),
    path("my/help/<int:pk>/stop", help.revoke, name="revoke"),
    path("my/learning", learning.learning, name="learning"),
    path("my/learning/month", learning.month, name="month"),
    path("my/learning/questions", learning.intake, name="intake"),
    path("my/learning/questions/forget", learning.forget, name="forget-intake"),
    path("my/learning/letter", learning.letter, name="letter"),
    path("my/data", data.data, name="data"),
    path("my/data/all.zip", data.take, name="take-data"),
    path("my/data/erase", data.erase, name="erase"),
    path("my/follow-up/<int:pk>", home.follow_up, name="follow-up"),
]
