"""The lives of a round, an award, an objection, a proof, a payment and a batch of payments."""

from typing import Final

from allocation.models import Award, Objection, PaymentBatch, Payout, Proof, Round
from budgetpool.lifecycle import Lifecycle, Step

_R = Round.Status
_BEFORE_OUTCOME = (_R.DRAFT, _R.OPEN, _R.CLOSED, _R.PROPOSED, _R.SIGNED)
_BOARD = ("board",)

ROUND: Final = Lifecycle(
    "round",
    _R,
    {
        "change": Step(
            (_R.DRAFT,),
            who=_BOARD,
            needs=(
                "no_pool",
                "other_fund",
                "pools_do_not_add_up",
                "draw_form_wrong",
                "draw_before_end",
                "starts_in_the_past",
                "window_used",
            ),
        ),
        "open": Step(
            (_R.DRAFT,),
            _R.OPEN,
            who=_BOARD,
            needs=(
                "no_legal_rule",
                "window_opened_before",
                "consultation_runs",
                "not_consulted",
                "no_pool",
                "not_enough_money",
            ),
        ),
        "close": Step(
            (_R.OPEN,),
            _R.CLOSED,
            who=("board", "clock"),
            needs=("window_still_open", "repair_term_runs", "no_requests", "without_amount"),
        ),
        "declare_interest": Step(_BEFORE_OUTCOME, who=_BOARD, needs=("other_round",)),
        "record_draw": Step(
            (_R.CLOSED,),
            who=_BOARD,
            people=2,
            barred=("own_interest", "same_person"),
            needs=("drawn_before", "draw_to_come", "no_outcome", "other_form", "draws_differ"),
        ),
        "odds": Step(
            (_R.CLOSED,),
            who=_BOARD,
            barred=("own_interest",),
            needs=("drawn_before", "rules_invalid"),
        ),
        "compute": Step(
            (_R.CLOSED,),
            who=_BOARD,
            barred=("own_interest",),
            needs=(
                "computing",
                "not_drawn",
                "ceiling_not_varied",
                "name_taken",
                "too_many_scenarios",
                "rules_invalid",
            ),
        ),
        "price": Step(
            (_R.CLOSED, _R.PROPOSED, _R.SIGNED),
            who=_BOARD,
            barred=("own_interest",),
            needs=("not_drawn", "no_groups"),
        ),
        "adjust": Step(
            (_R.CLOSED,),
            who=_BOARD,
            people=2,
            barred=("own_interest", "same_person"),
            needs=("other_round", "reason_too_short", "adjusted_before"),
        ),
        "undo_adjust": Step(
            (_R.CLOSED,),
            who=_BOARD,
            people=2,
            barred=("own_interest", "same_person"),
            needs=("withdrawn_before",),
        ),
        "propose": Step(
            (_R.CLOSED,),
            _R.PROPOSED,
            who=_BOARD,
            barred=("own_interest", "interest_not_stated"),
            needs=(
                "other_round",
                "not_drawn",
                "baseline",
                "not_verified",
                "adjustments_changed",
                "motivation_missing",
            ),
        ),
        "send_back": Step(
            (_R.PROPOSED, _R.SIGNED),
            _R.CLOSED,
            who=_BOARD,
            people=2,
            barred=("own_interest", "same_person"),
            needs=("question_missing", "other_outcome"),
        ),
        "explain": Step((_R.PROPOSED, _R.SIGNED), who=_BOARD, barred=("own_interest",)),
        "sign": Step(
            (_R.PROPOSED,),
            _R.SIGNED,
            who=_BOARD,
            people=2,
            barred=("own_interest", "interest_not_stated", "same_person"),
            needs=("other_outcome", "adjustments_changed"),
        ),
        "publish": Step(
            (_R.SIGNED,),
            _R.PUBLISHED,
            who=_BOARD,
            people=2,
            barred=("own_interest",),
            needs=("not_two_signatures", "not_explained", "above_ceiling", "requests_missing"),
        ),
        "finish": Step(
            (_R.PUBLISHED,),
            _R.FINISHED,
            who=_BOARD,
            people=2,
            barred=("own_interest", "same_person"),
            needs=("objections_possible", "objections_open", "awards_unanswered"),
        ),
        "cancel": Step(
            _BEFORE_OUTCOME,
            _R.CANCELLED,
            who=_BOARD,
            people=2,
            barred=("own_interest", "same_person"),
            needs=("reason_missing",),
        ),
        "take_back": Step((*_BEFORE_OUTCOME, _R.PUBLISHED), who=_BOARD, needs=("no_consent",)),
    },
)

_A = Award.Status
_RUNNING = (_A.ACCEPTED, _A.ADVANCED)
_PERSON = ("worker", "helper")
_PAYERS = ("treasurer",)
_SCHOOL = ("school",)

AWARD: Final = Lifecycle(
    "award",
    _A,
    {
        "accept": Step((_A.GRANTED,), _A.ACCEPTED, who=_PERSON, needs=("accept_by_passed",)),
        "decline": Step(
            (_A.GRANTED, _A.ACCEPTED), _A.DECLINED, who=(*_PERSON, "clock"), needs=("has_started",)
        ),
        "start": Step(
            _RUNNING,
            who=(*_PERSON, *_SCHOOL),
            needs=("started_before", "day_to_come", "before_award"),
        ),
        "share": Step(_RUNNING, who=_PERSON),
        "confirm": Step(_RUNNING, who=_SCHOOL, barred=("not_your_school",)),
        "move": Step(
            _RUNNING,
            who=_SCHOOL,
            barred=("not_your_school",),
            needs=(
                "has_started",
                "other_training",
                "same_edition",
                "begins_before",
                "edition_full",
            ),
        ),
        "attend": Step(
            _RUNNING,
            who=_SCHOOL,
            barred=("not_your_school",),
            needs=("not_begun", "day_to_come", "more_than_lessons"),
        ),
        "say_gone": Step(
            _RUNNING,
            who=_SCHOOL,
            barred=("not_your_school",),
            needs=("said_before", "day_to_come", "has_started", "not_begun"),
        ),
        "prove": Step(
            _RUNNING,
            who=(*_PERSON, *_SCHOOL),
            needs=("proof_waits", "no_document", "attendance_too_low", "signatures_missing"),
        ),
        "invoice": Step(
            (*_RUNNING, _A.COMPLETED),
            who=(*_PAYERS, *_SCHOOL),
            needs=("vat_wrong", "above_register_price", "above_award", "no_training"),
        ),
        "plan_advance": Step(
            _RUNNING, who=_PAYERS, needs=("not_started", "too_early", "nothing_left", "no_payee")
        ),
        "plan_rest": Step((_A.COMPLETED,), who=_PAYERS, needs=("nothing_left", "no_payee")),
        "plan_own_costs": Step(
            (*_RUNNING, _A.COMPLETED), who=_PAYERS, needs=("above_own_costs", "no_payee")
        ),
        "replace": Step((_A.ACCEPTED, _A.ADVANCED), who=_PAYERS, needs=("payments_at_bank",)),
        "advance": Step((_A.ACCEPTED,), _A.ADVANCED, who=("bank",)),
        "complete": Step(_RUNNING, _A.COMPLETED, who=("checker", "treasurer")),
        "determine": Step(
            (_A.COMPLETED, _A.CANCELLED, _A.NO_SHOW),
            _A.DETERMINED,
            who=_PAYERS,
            needs=("payments_open", "not_paid_yet"),
        ),
        "cancel": Step(_RUNNING, _A.CANCELLED, who=(*_PERSON, "treasurer")),
        "no_show": Step(_RUNNING, _A.NO_SHOW, who=_PAYERS, needs=("has_started", "reason_missing")),
        "recover": Step((_A.CANCELLED, _A.NO_SHOW, _A.DETERMINED), _A.RECOVERED, who=_PAYERS),
    },
)

_O = Objection.Status
_UNANSWERED = (_O.FILED, _O.ASSIGNED, _O.HEARING)
_HANDLED = (_O.ASSIGNED, _O.HEARING)
_HANDLER = ("board", "administrator")

OBJECTION: Final = Lifecycle(
    "objection",
    _O,
    {
        "withdraw": Step(_UNANSWERED, _O.WITHDRAWN, who=_PERSON),
        "assign": Step(_UNANSWERED, who=_HANDLER, barred=("took_part", "own_interest", "filed_it")),
        "plan_hearing": Step(
            _HANDLED,
            _O.HEARING,
            who=_HANDLER,
            barred=("not_the_handler",),
            needs=("hearing_in_the_past",),
        ),
        "report_hearing": Step((_O.HEARING,), who=_HANDLER, barred=("not_the_handler",)),
        "correct": Step(
            _HANDLED,
            who=_HANDLER,
            barred=("not_the_handler",),
            needs=("unknown_fact", "replay_failed"),
        ),
        "decide": Step(
            _HANDLED,
            who=_HANDLER,
            barred=("not_the_handler",),
            needs=(
                "unknown_outcome",
                "answer_missing",
                "lateness_not_judged",
                "late_not_excused",
                "other_request",
                "not_enough_money",
            ),
        ),
    },
)

_S = Proof.Status

PROOF: Final = Lifecycle(
    "proof",
    _S,
    {
        "accept": Step(
            (_S.SENT,), _S.ACCEPTED, who=("checker",), people=2, barred=("sent_it", "own_interest")
        ),
        "refuse": Step(
            (_S.SENT,),
            _S.REFUSED,
            who=("checker",),
            people=2,
            barred=("sent_it", "own_interest"),
            needs=("reason_missing",),
        ),
    },
)

_P = Payout.Status

PAYOUT: Final = Lifecycle(
    "payout",
    _P,
    {
        "prepare": Step((_P.PLANNED,), _P.BATCHED, who=_PAYERS),
        "withdraw": Step((_P.PLANNED,), _P.WITHDRAWN, who=_PAYERS, needs=("reason_missing",)),
        "confirm": Step(
            (_P.BATCHED, _P.REJECTED),
            _P.PAID,
            who=("bank", "treasurer"),
            needs=("other_amount", "batch_not_approved", "other_account", "nobody_to_tell"),
        ),
        "reject": Step((_P.BATCHED,), _P.REJECTED, who=("bank",), needs=("report_of_no_file",)),
        "returned": Step((_P.PAID,), _P.REJECTED, who=_PAYERS, needs=("other_amount",)),
        "retry": Step(
            (_P.REJECTED,),
            who=_PAYERS,
            needs=("retried_before", "no_proof_of_failure", "statement_to_come"),
        ),
        "unsay_paid": Step((_P.PAID,), _P.BATCHED, who=_PAYERS, needs=("award_ended",)),
        "unsay_returned": Step(
            (_P.REJECTED,), _P.PAID, who=_PAYERS, needs=("retried_before", "award_ended")
        ),
    },
)

_B = PaymentBatch.Status
_PAYER = ("treasurer", "board")

BATCH: Final = Lifecycle(
    "batch",
    _B,
    {
        "approve": Step(
            (_B.PREPARED,),
            _B.APPROVED,
            who=_PAYER,
            people=2,
            barred=("same_person", "own_interest"),
            needs=("other_file", "payee_ended"),
        ),
        "withdraw": Step((_B.PREPARED,), _B.WITHDRAWN, who=_PAYER, needs=("reason_missing",)),
        "fetch": Step((_B.APPROVED,), who=_PAYERS, needs=("file_gone",)),
    },
)

LIVES: Final = (ROUND, AWARD, OBJECTION, PROOF, PAYOUT, BATCH)
