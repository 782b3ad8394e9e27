"""The demo's own pages; they do not exist where data is real."""

from django.urls import path

from budgetpool.demo import pages

urlpatterns = [
    path("demo", pages.look, name="demo-look"),
    path("demo/mailbox", pages.mailbox, name="demo-mailbox"),
    path("demo/mailbox/<key:pk>", pages.letter, name="demo-letter"),
    path("demo/mailbox/<key:pk>/letter.pdf", pages.letter_pdf, name="demo-letter-pdf"),
]
