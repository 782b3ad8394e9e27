"""The treasurer's desk; every address names the region, and the door checks the seat there."""

from django.urls import path

from budgetpool.portals.treasurer import bank, books, home, paying, payouts

urlpatterns = [
    path("<slug:region>", home.home, name="treasurer-home"),
    path("<slug:region>/statements", bank.statements, name="treasurer-statements"),
    path("<slug:region>/deposits", bank.deposits, name="treasurer-deposits"),
    path("<slug:region>/deposits/<int:pk>", bank.deposit, name="treasurer-deposit"),
    path("<slug:region>/payouts", paying.overview, name="treasurer-payouts"),
    path("<slug:region>/payouts/<int:pk>", paying.payout, name="treasurer-payout"),
    path("<slug:region>/batches/<int:pk>", paying.batch, name="treasurer-batch"),
    path("<slug:region>/batches/<int:pk>.xml", paying.fetch, name="treasurer-batch-file"),
    path("<slug:region>/payees", paying.payees_page, name="treasurer-payees"),
    path("<slug:region>/payees/<int:pk>", paying.payee, name="treasurer-payee"),
    path("<slug:region>/awards/<int:pk>", payouts.award, name="treasurer-award"),
    path("<slug:region>/recoveries", payouts.recoveries, name="treasurer-recoveries"),
    path("<slug:region>/recoveries/<int:pk>", payouts.recovery, name="treasurer-recovery"),
    path("<slug:region>/books/<int:year>", books.books, name="treasurer-books"),
    path("<slug:region>/books/<int:year>.csv", books.journal_csv, name="treasurer-journal"),
    path("<slug:region>/books/<int:year>.xaf", books.audit_file, name="treasurer-auditfile"),
]
