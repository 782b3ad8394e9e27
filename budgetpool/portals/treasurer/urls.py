"""The treasurer's desk; every address names the region, and the door checks the seat there."""

from django.urls import path

from budgetpool.portals.treasurer import (
    awards,
    bank_files,
    books,
    charges,
    deposits,
    dropout_work,
    dropouts,
    earmarks,
    exclusions,
    home,
    payee_pages,
    paying,
    recoveries,
    statements,
)

urlpatterns = [
    path("<slug:region>", home.home, name="treasurer-home"),
    path("<slug:region>/statements", statements.statements, name="treasurer-statements"),
    path("<slug:region>/deposits", deposits.deposits, name="treasurer-deposits"),
    path("<slug:region>/deposits/<int:pk>", deposits.deposit, name="treasurer-deposit"),
    path("<slug:region>/charges", charges.charges_page, name="treasurer-charges"),
    path("<slug:region>/earmarks", earmarks.earmarks, name="treasurer-earmarks"),
    path("<slug:region>/earmarks/new", earmarks.new, name="treasurer-earmark-new"),
    path("<slug:region>/earmarks/<int:pk>/limit", earmarks.limit, name="treasurer-earmark-limit"),
    path("<slug:region>/earmarks/<int:pk>", earmarks.earmark, name="treasurer-earmark"),
    path("<slug:region>/dropouts", dropouts.dropouts, name="treasurer-dropouts"),
    path("<slug:region>/dropouts/<int:pk>", dropouts.dropout, name="treasurer-dropout"),
    path(
        "<slug:region>/dropouts/work/<int:pk>",
        dropout_work.dropout_work,
        name="treasurer-dropout-work",
    ),
    path("<slug:region>/exclusions", exclusions.exclusions, name="treasurer-exclusions"),
    path("<slug:region>/exclusions/<int:pk>", exclusions.exclusion, name="treasurer-exclusion"),
    path("<slug:region>/payouts", paying.overview, name="treasurer-payouts"),
    path("<slug:region>/payouts/<int:pk>", paying.payout, name="treasurer-payout"),
    path("<slug:region>/batches/<int:pk>", bank_files.batch, name="treasurer-batch"),
    path("<slug:region>/batches/<int:pk>.xml", bank_files.fetch, name="treasurer-batch-file"),
    path("<slug:region>/payees", payee_pages.payees_page, name="treasurer-payees"),
    path("<slug:region>/payees/<int:pk>", payee_pages.payee, name="treasurer-payee"),
    path("<slug:region>/awards/<int:pk>", awards.award, name="treasurer-award"),
    path("<slug:region>/recoveries", recoveries.recoveries, name="treasurer-recoveries"),
    path("<slug:region>/recoveries/<int:pk>", recoveries.recovery, name="treasurer-recovery"),
    path("<slug:region>/books/<int:year>", books.books, name="treasurer-books"),
    path("<slug:region>/books/<int:year>.csv", books.journal_csv, name="treasurer-journal"),
    path("<slug:region>/books/<int:year>.xaf", books.audit_file, name="treasurer-auditfile"),
]
