"""Who may open which address, as data. A test fails for any address that has no row here.

A row names an address and the roles that it opens to. What the others get follows from it:

- `visitors` (nobody signed in) are led to the sign-in page: 302;
- `doubles`, who have the same role in another region, organisation or life, get 404;
- everybody else gets `others`: 403.

`get` and `post` are what those get whom the page opens to; None means that the page does not know
the verb, and then nobody may ever get a 2xx or 3xx for it. `args` fill the address: each value is
the name of a thing below, which comes from the tests' cast. `get_of` are single roles whose GET
differs. A POST is sent without any data.
"""

from dataclasses import dataclass, field

# Roles are names of fixtures in tests/cast.py; `visitor` is nobody, and `worker_user` is the
# account of `worker`.
EVERYBODY = (
    "stranger",
    "worker_user",
    "worker_of_drenthe_user",
    "sister",
    "viewer",
    "payer",
    "manager",
    "other_manager",
    "teacher",
    "other_teacher",
    "partner_manager",
    "other_partner_manager",
    "chair",
    "second_signer",
    "treasurer",
    "adviser",
    "administrator",
    "chair_of_drenthe",
    "treasurer_of_drenthe",
    "adviser_of_drenthe",
    "superuser",
)
BOARD = ("chair", "second_signer")

# Whoever has one portal is led straight to it.
ONE_DOOR = (
    *BOARD,
    "treasurer",
    "treasurer_of_drenthe",
    "chair_of_drenthe",
    "adviser",
    "adviser_of_drenthe",
    "sister",
    "worker_user",
    "worker_of_drenthe_user",
    "viewer",
    "payer",
    "manager",
    "other_manager",
    "teacher",
    "other_teacher",
    "partner_manager",
    "other_partner_manager",
    "superuser",
)

# Things that an address can be about: the name of a fixture and what of it the address holds.
THINGS = {
    "twente": ("twente", "region.slug"),
    "code of twente": ("twente", "region.code"),
    "round": ("round_of_twente", "code"),
    "verb": (None, "compute"),
    "no code": (None, "no-code"),
    "no key": (None, 999_999),
    "requests": (None, "requests"),
    "csv": (None, "csv"),
    "employer": ("employer", "pk"),
    "school": ("provider", "pk"),
    "partner": ("partner", "pk"),
    "no secret": (None, "nobody-knows-this"),
    "a year": (None, 2027),
    "draft": ("draft_of_worker", "pk"),
    "first": (None, 1),
    "year": (None, 2026),
    "question": (None, "name"),
    "diploma": (None, "diploma"),
    "travel": (None, "travel"),
    "forklift": ("forklift", "pk"),
    "helped": ("mandate_of_adviser", "worker_id"),
}


@dataclass(frozen=True)
class Row:
    url: str
    opens_to: tuple[str, ...]
    get: int | None = 200
    post: int | None = None
    doubles: tuple[str, ...] = ()
    others: int = 403
    visitors: int = 302
    args: dict[str, str] = field(default_factory=dict)
    get_of: dict[str, int] = field(default_factory=dict)

    def expected(self, role: str, verb: str) -> int | None:
        """The status for a role and a verb; None where the page does not know the verb."""
        if verb == "GET" and role in self.get_of:
            return self.get_of[role]
        answer = {"GET": self.get, "POST": self.post}[verb]
        if answer is None or role in self.opens_to:
            return answer
        if role == "visitor":
            return self.visitors
        return 404 if role in self.doubles else self.others


def public(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page for the whole world."""
    return Row(url, ("visitor", *EVERYBODY), get=get, post=post, args=args)


def own(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page about oneself, for everybody who is signed in."""
    return Row(url, EVERYBODY, get=get, post=post, args=args)


def entrance(url: str, visitor: int = 200, post: int | None = 200) -> Row:
    """A page to come in by: whoever is in already is led on."""
    return Row(url, ("visitor",), get=visitor, post=post, others=302)


ACCOUNT = [
    public("language", get=302, post=302),
    Row("home", EVERYBODY, get_of=dict.fromkeys(ONE_DOOR, 302)),
    Row("board-start", (*BOARD, "chair_of_drenthe"), get=302),
    Row("treasurer-start", ("treasurer", "treasurer_of_drenthe"), get=302),
    Row("counter-start", ("adviser", "adviser_of_drenthe"), get=302),
    Row("adviser-start", ("adviser", "adviser_of_drenthe"), get=302),
    own("profile", post=200),
    # Whoever holds the link of an e-mail; these hold none.
    public("stop-daily", get=404, post=404, token="no secret"),
    own("session", post=200),
    own("second-factor"),
    entrance("sign-in"),
    entrance("account_request_login_code"),
    entrance("account_login"),
    entrance("account_signup"),
    # These go on with something that was begun; nobody here began anything.
    entrance("account_confirm_login_code", visitor=302, post=302),
    entrance("account_email_verification_sent", visitor=302, post=302),
    entrance("sign-in-link", visitor=302, post=302),
    Row(
        "sign-in-link-opened",
        ("visitor", *EVERYBODY),
        get=302,
        args={"secret": "no secret"},
    ),
    entrance("account_verify_phone", visitor=302, post=302),
    entrance("account_confirm_password_reset_code", visitor=302, post=302),
    entrance("account_complete_password_reset", visitor=302, post=302),
    entrance("mfa_authenticate", visitor=302, post=302),
    entrance("mfa_login_webauthn", visitor=302, post=302),
    # No identity broker is set up in the tests; test_broker.py has one.
    public("openid_connect_login", get=404, post=404, provider_id="no code"),
    public("openid_connect_callback", get=404, post=404, provider_id="no code"),
    public("socialaccount_login_cancelled"),
    public("socialaccount_login_error", get=401),
    entrance("socialaccount_signup", visitor=302, post=302),
    public("account_reset_password", post=200),
    public("account_inactive"),
    public("account_password_reset_completed"),
    own("sign-out", post=302),
    own("account_logout", post=302),
    own("socialaccount_connections", get=302, post=302),
    # Nobody of the cast has a password, an app or a passkey to confirm with: a code it is.
    own("account_reauthenticate", get=302, post=302),
    own("account_request_reauthentication_code", post=200),
    own("account_confirm_reauthentication_code", get=302, post=302),
    own("mfa_reauthenticate", get=302, post=302),
    own("mfa_reauthenticate_webauthn", get=302, post=302),
    own("mfa_deactivate_totp", get=404, post=404),
    own("mfa_view_recovery_codes", get=404),
    own("mfa_download_recovery_codes", get=404),
    own("account_change_password", get=302, post=302),
    own("account_email", post=302),
    own("account_change_phone", post=200),
    own("mfa_index"),
    # They came in long ago: who they are is asked again first (see test_account_pages.py).
    own("account_set_password", get=302, post=302),
    own("mfa_activate_totp", get=302, post=302),
    own("mfa_generate_recovery_codes", get=302, post=302),
    own("mfa_remove_webauthn", get=302, post=302, pk="no key"),
    own("mfa_edit_webauthn", get=302, post=302, pk="no key"),
    own("mfa_list_webauthn"),
    own("mfa_add_webauthn", get=302, post=302),
]


def of_partners(url: str, **args: str) -> Row:
    """For programs with a token; no session opens it, whoever's it is (see tests/api)."""
    return Row(url, (), get=200, post=None, others=401, visitors=401, args=args)


MONITORS = [
    public("livez"),
    public("readyz"),
    public("healthz"),
    # Opens to a token only, and where none is set to nobody (see tests/operations).
    public("metrics", get=404),
]

API = [
    public("api:openapi"),
    public("api:docs"),
    public("api:regions"),
    public("api:region", regionCode="code of twente"),
    public("api:fund", regionCode="code of twente"),
    public("api:rounds", regionCode="code of twente"),
    public("api:round", get=404, roundId="no key"),
    public("api:results", get=404, roundId="no key"),
    public("api:providers"),
    public("api:provider", get=404, providerId="no key"),
    public("api:trainings"),
    public("api:training", get=404, trainingId="no key"),
    public("api:editions", get=404, trainingId="no key"),
    of_partners("api:requests"),
    of_partners("api:client"),
    of_partners("api:credentials"),
    of_partners("api:credential", credentialId="no key"),
    # Nobody is signed in there; a program proves who it is in the same call.
    Row("api:oauth-token", (), get=None, post=415, others=415, visitors=415),
    of_partners("api:webhooks"),
    of_partners("api:webhook", webhookId="no key"),
    of_partners("api:webhook-secret", webhookId="no key"),
    of_partners("api:webhook-test", webhookId="no key"),
    of_partners("api:webhook-deliveries", webhookId="no key"),
    of_partners("api:webhook-replays", webhookId="no key"),
    of_partners("api:sandbox"),
    of_partners("api:sandbox-clock"),
    of_partners("api:trail"),
    of_partners("api:objection", requestId="no key"),
    of_partners("api:objection-withdrawal", requestId="no key"),
    of_partners("api:payments", requestId="no key"),
    of_partners("api:tokens"),
    of_partners("api:token", tokenId="no key"),
    of_partners("api:award", requestId="no key"),
    of_partners("api:acceptance", requestId="no key"),
    of_partners("api:decline", requestId="no key"),
    of_partners("api:school-awards"),
    of_partners("api:school-award", requestId="no key"),
    of_partners("api:school-start", requestId="no key"),
    of_partners("api:attendance", requestId="no key"),
    of_partners("api:pledges"),
    of_partners("api:contributions"),
    of_partners("api:contribution", contributionId="no key"),
    of_partners("api:invoices"),
    of_partners("api:invoice", invoiceId="no key"),
    of_partners("api:invoice-withdrawal", invoiceId="no key"),
    of_partners("api:statements", regionCode="code of twente"),
    of_partners("api:statement", regionCode="code of twente", statementId="no key"),
    of_partners("api:batches"),
    of_partners("api:request-sheets"),
    of_partners("api:start-sheets"),
    of_partners("api:completion-sheets"),
    of_partners("api:withdrawal", requestId="no key"),
    of_partners("api:request", requestId="no key"),
    of_partners("api:decision", requestId="no key"),
    of_partners("api:start", requestId="no key"),
    of_partners("api:proofs", requestId="no key"),
]

PUBLIC = [
    # The tests' installation is no demo: these do not exist (see tests/demo).
    public("demo-look", get=404),
    public("demo-mailbox", get=404),
    public("demo-letter", get=404, pk="first"),
    public("demo-letter-pdf", get=404, pk="first"),
    public("front"),
    public("rule"),
    public("accessibility"),
    public("privacy"),
    public("region", region="twente"),
    public("outreach-qr", get=404, code="no code"),
    public("region-qr", region="twente"),
    public("short-link", get=302, region="twente"),
    public("invited", get=302, code="no code"),
    # The round of the cast is a draft, which is nobody's business yet.
    public("public-consultations", region="twente"),
    public("public-consultation", get=404, post=404, region="twente", pk="no key"),
    public("own-comment", get=404, post=404, region="twente", pk="no key", key="no code"),
    public("public-round", get=404, region="twente", code="round"),
    public("algorithm-record", get=404, region="twente", code="round"),
    public("check", get=404, region="twente", code="round"),
]


def of_board(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page of Twente's board; the chair of Drenthe's gets what does not exist."""
    doubles = ("chair_of_drenthe",)
    return Row(url, BOARD, get=get, post=post, doubles=doubles, args={"region": "twente", **args})


def of_handlers(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page for the board and the administrator of Twente, who handle objections."""
    return Row(
        url,
        (*BOARD, "administrator"),
        get=get,
        post=post,
        doubles=("chair_of_drenthe",),
        args={"region": "twente", **args},
    )


def of_administrator(url: str, get: int | None = 200, **args: str) -> Row:
    """A page for the administrator of Twente alone."""
    return Row(url, ("administrator",), get=get, args={"region": "twente", **args})


BOARD_PAGES = [
    of_board("board-home"),
    of_board("board-policies"),
    of_board("board-consultation-begin", get=404, post=404, pk="no key"),
    of_board("board-consultation", get=404, pk="no key"),
    of_board("board-consultation-conclude", get=None, post=404, pk="no key"),
    of_board("board-consultation-measure", get=None, post=404, pk="no key"),
    of_board("board-comment", get=404, post=404, pk="no key", number="first"),
    of_board("board-unmet-demand"),
    of_board("board-laboratory", post=200),
    of_board("board-laboratory-run", get=404, number="no key"),
    of_board("board-laboratory-plan", get=404, number="no key"),
    of_board("board-laboratory-stop", get=None, post=404, number="no key"),
    of_handlers("board-partners"),
    of_handlers("board-token-withdraw", get=None, post=404, pk="no key"),
    of_handlers("board-credential-withdraw", get=None, post=404, pk="no key"),
    of_handlers("board-partner-shut-out", get=None, post=404, pk="no key"),
    of_handlers("board-partner-administrator", get=404, post=404, pk="no key"),
    of_handlers("board-partner-administrator-end", get=None, post=404, pk="no key"),
    of_administrator("board-trail"),
    of_administrator("board-people"),
    of_handlers("board-register"),
    of_handlers("board-training", get=404, pk="no key"),
    of_handlers("board-seats"),
    of_handlers("board-seat-new", post=302),
    of_handlers("board-seat-end", get=404, post=404, pk="no key"),
    of_handlers("board-seat-change", get=None, post=404, pk="no key"),
    of_handlers("board-objections"),
    of_handlers("board-objection", get=404, pk="no key"),
    of_handlers("board-objection-step", get=None, post=404, pk="no key", verb="verb"),
    of_board("board-policy-new", post=200),
    of_board("board-round-new", post=200),
    of_board("board-round", code="round"),
    of_board("board-round-change", post=200, code="round"),
    of_board("board-step", get=None, post=422, code="round", verb="verb"),
    of_board("board-exact-lines", get=404, code="round"),
    of_board("board-record", get=404, code="round"),
    of_board("board-work", get=302, code="round"),
    of_board("board-work-cancel", get=None, post=404, code="round", pk="no key"),
    of_board("board-requests", code="round"),
    of_board("board-difference", code="round"),
    of_board("board-odds", code="round"),
    of_board("board-look", post=302, code="round"),
    of_board("board-request", get=404, code="round", pk="no key"),
    of_board("board-adjust", get=None, post=404, code="round", pk="no key"),
    of_board("board-interest", get=None, post=404, code="round", pk="no key"),
]


def of_request(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page of one request: its worker's, and of whom they let read along and fill in; whoever
    else asks gets what does not exist, also who helps somebody else."""
    return Row(
        url,
        ("worker_user", "sister"),
        get=get,
        post=post,
        others=404,
        args={"number": "draft", **args},
    )


REQUEST_PAGES = [
    of_request("apply:request"),
    of_request("apply:step", post=200, slug="question"),
    of_request("apply:save", get=None, post=200, slug="question"),
    of_request("apply:choices"),
    of_request("apply:choice", post=302, rank="first"),
    of_request("apply:cost", post=200, rank="first", kind="travel"),
    of_request("apply:go-on", get=302),
    of_request("apply:sent", get=404),
    of_request("apply:sent-pdf", get=404),
    of_request("apply:trainings"),
    of_request("apply:propose", post=200),
    of_request("apply:gap-year", post=200),
    of_request("apply:training", post=200, training="forklift"),
    of_request("apply:files", post=302),
    of_request("apply:file", get=404, pk="no key"),
    of_request("apply:remove-file", get=None, post=404, pk="no key"),
    of_request("apply:priority"),
    of_request("apply:summary", post=200),
    of_request("apply:receipt", get=302),
    of_request("apply:withdraw", post=302),
    of_request("apply:reopen", get=None, post=302),
    # Nothing was decided about a draft.
    of_request("apply:answer", get=404, post=404),
    of_request("apply:share", get=None, post=404),
    of_request("apply:objection", get=404, post=404),
    of_request("apply:withdraw-objection", get=404, post=404),
    of_request("apply:arrangement", post=200),
    of_request("apply:peers", get=404, post=404),
    of_request("apply:start", get=302, post=302),
    of_request("apply:proof", get=404, post=404),
    of_request("apply:proof-of", get=404, post=404, kind="diploma"),
    of_request("apply:stop", get=404, post=404),
    of_request("apply:replacement", get=404, post=404),
]


def of_workers(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A worker's page about themselves."""
    return Row(url, ("worker_user", "worker_of_drenthe_user"), get=get, post=post, args=args)


WORKER_PAGES = [
    own("worker:home"),
    # No window is open in the cast's region.
    public("worker:start", post=404, region="twente"),
    own("worker:begin", get=302, region="twente"),
    public("worker:check", region="twente"),
    public("worker:ask-help", post=200, region="twente"),
    of_workers("worker:help", post=200),
    of_workers("worker:revoke", get=None, post=404, pk="no key"),
    of_workers("worker:own-helpers", post=200),
    of_workers("worker:stop-helper", get=None, post=404, pk="no key"),
    own("worker:helping"),
    own("worker:stop-helping", get=None, post=404, pk="no key"),
    public("worker:accept-helping", get=410, post=410, secret="no secret"),
    public("worker:benefits", region="twente"),
    of_workers("worker:strengths", post=200),
    of_workers("worker:remove-strengths", get=None, post=302),
    of_workers("worker:story", post=200),
    of_workers("worker:take-story-back", get=None, post=302),
    of_workers("worker:learning"),
    of_workers("worker:month", post=200),
    of_workers("worker:intake", post=200),
    of_workers("worker:forget-intake", get=None, post=302),
    of_workers("worker:letter"),
    of_workers("worker:first-step", post=404),
    of_workers("worker:end-first-step", get=None, post=404, pk="no key"),
    of_workers("worker:data"),
    of_workers("worker:take-data"),
    of_workers("worker:erase", post=200),
    of_workers("worker:follow-up", get=404, post=404, pk="no key"),
]


def of_counter(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page of Twente's counter."""
    doubles = ("adviser_of_drenthe",)
    known = args if "pk" in args and args["pk"] == "helped" else {"region": "twente", **args}
    return Row(url, ("adviser",), get=get, post=post, doubles=doubles, args=known)


def of_counter_and_board(
    url: str, get: int | None = 200, post: int | None = None, **args: str
) -> Row:
    """A page of Twente's counter that its board may use too."""
    return Row(
        url,
        ("adviser", *BOARD),
        get=get,
        post=post,
        doubles=("adviser_of_drenthe", "chair_of_drenthe"),
        args={"region": "twente", **args},
    )


COUNTER_PAGES = [
    of_counter("adviser:home"),
    of_counter("adviser:help", get=None, post=404, pk="no key"),
    of_counter("adviser:enter", post=200),
    of_counter("adviser:mandate", post=200),
    of_counter("adviser:checks"),
    of_counter("adviser:refuse", get=404, post=404, number="no key"),
    Row(
        "adviser:outreach",
        ("adviser", *BOARD),
        post=200,
        doubles=("adviser_of_drenthe", "chair_of_drenthe"),
        args={"region": "twente"},
    ),
    of_counter("adviser:end-outreach", get=None, post=404, pk="no key"),
    of_counter("adviser:starts"),
    of_counter("adviser:start", get=None, post=404, pk="no key"),
    of_counter("adviser:ask-school", get=None, post=404, pk="no key"),
    of_counter("adviser:gone"),
    of_counter("adviser:decide-gone", get=None, post=404, pk="no key"),
    of_counter_and_board("adviser:schools"),
    of_counter_and_board("adviser:school", get=404, post=404, pk="no key"),
    of_counter_and_board("adviser:end-seat", get=None, post=404, pk="no key", seat="no key"),
    of_counter("adviser:proofs"),
    of_counter("adviser:proof", get=404, post=404, pk="no key"),
    of_counter("adviser:proof-file", get=404, pk="no key", document="no key"),
    of_counter("adviser:stories"),
    of_counter("adviser:read-story", get=None, post=404, pk="no key"),
    of_counter("adviser:companions", post=200),
    of_counter("adviser:hosts", post=200),
    of_counter("adviser:close-host", get=None, post=404, pk="no key"),
    of_counter("adviser:first-steps"),
    of_counter("adviser:first-step", get=None, post=404, pk="no key"),
    of_counter("adviser:groups"),
    of_counter("adviser:group", get=None, post=404, pk="no key"),
    of_counter("adviser:interests", post=200),
    of_counter("adviser:end-interest", get=None, post=404, pk="no key"),
    of_counter("adviser:person", pk="helped"),
    of_counter("adviser:ask", get=None, post=404, pk="helped"),
    of_counter("adviser:note", get=None, post=302, pk="helped"),
    of_counter("adviser:referral", get=None, post=302, pk="helped"),
    of_counter("adviser:pair", get=None, post=404, pk="helped"),
    of_counter("adviser:stop", get=None, post=302, pk="helped"),
]

MEMBERS = ("viewer", "payer", "manager")


def of_employer(
    url: str,
    opens_to: tuple[str, ...] = MEMBERS,
    get: int | None = 200,
    post: int | None = None,
    **args: str,
) -> Row:
    """A page of the employer; its own people with a smaller role get 403, others' people 404."""
    return Row(
        url,
        opens_to,
        get=get,
        post=post,
        doubles=("other_manager",),
        args={"employer": "employer", **args},
    )


EMPLOYER_PAGES = [
    Row("employer:start", (*MEMBERS, "other_manager"), get=302),
    Row(
        "employer:register",
        ("chair", "second_signer", "treasurer"),
        post=200,
        doubles=("chair_of_drenthe", "treasurer_of_drenthe"),
        args={"region": "twente"},
    ),
    public("employer:accept", get=410, post=410, secret="no secret"),
    public("employer:certificate-look-up"),
    public("employer:certificate-confirm", get=404, code="no secret"),
    of_employer("employer:home"),
    of_employer("employer:pledges"),
    of_employer("employer:pledge-new", ("manager",), post=200),
    of_employer("employer:pledge-change", ("manager",), get=404, post=404, pk="no key"),
    of_employer("employer:payments"),
    of_employer("employer:payment", get=404, pk="no key"),
    of_employer("employer:account", year="a year"),
    of_employer("employer:account-csv", year="a year"),
    of_employer("employer:account-xlsx", year="a year"),
    of_employer("employer:account-pdf", year="a year"),
    of_employer("employer:people"),
    of_employer("employer:invite", ("manager",), post=200),
    of_employer("employer:person", ("manager",), get=404, post=404, pk="no key"),
    of_employer("employer:invitation-withdraw", ("manager",), get=None, post=404, pk="no key"),
    of_employer("employer:flex"),
    of_employer("employer:code-new", ("payer", "manager"), post=200),
    of_employer("employer:poster", get=404, pk="no key"),
    of_employer("employer:code-end", ("payer", "manager"), get=None, post=404, pk="no key"),
    of_employer("employer:mirror", post=302),
    of_employer("employer:demand", ("payer", "manager"), post=200),
    of_employer("employer:demand-withdraw", ("payer", "manager"), get=None, post=404, pk="no key"),
    of_employer("employer:certificates", post=200),
    of_employer("employer:certificate-pdf", get=404, pk="no key"),
    of_employer("employer:certificate-withdraw", ("manager",), get=None, post=404, pk="no key"),
]


def of_treasurer(
    url: str,
    get: int | None = 200,
    post: int | None = None,
    *,
    and_board: bool = False,
    **args: str,
) -> Row:
    """A page of Twente's treasurer; a second person of the board may approve and verify."""
    return Row(
        url,
        ("treasurer", *BOARD) if and_board else ("treasurer",),
        get=get,
        post=post,
        doubles=("treasurer_of_drenthe", *(("chair_of_drenthe",) if and_board else ())),
        args={"region": "twente", **args},
    )


# An empty form is sent back with its errors: 422.
TREASURER_PAGES = [
    of_treasurer("treasurer-home"),
    of_treasurer("treasurer-statements", post=422),
    of_treasurer("treasurer-bank", post=404, and_board=True),
    of_treasurer("treasurer-reconciliation", get=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-held-file", get=404, post=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-programs", post=404, and_board=True),
    of_treasurer("treasurer-lines"),
    of_treasurer("treasurer-line", get=404, post=404, pk="no key"),
    of_treasurer("treasurer-charges", post=404, and_board=True),
    of_treasurer("treasurer-earmarks", and_board=True),
    of_treasurer("treasurer-earmark", get=404, and_board=True, pk="no key"),
    of_board("treasurer-earmark-new", post=422),
    of_board("treasurer-earmark-limit", get=404, post=404, pk="no key"),
    of_treasurer("treasurer-dropouts", post=422, and_board=True),
    of_treasurer("treasurer-dropout", get=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-dropout-work", get=404, post=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-exclusions", post=200, and_board=True),
    of_treasurer("treasurer-exclusion", get=404, post=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-payouts", post=422),
    of_treasurer("treasurer-payout", get=404, post=404, pk="no key"),
    of_treasurer("treasurer-batches", and_board=True),
    of_treasurer("treasurer-batch", get=404, post=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-batch-file", get=404, pk="no key"),
    of_treasurer("treasurer-payees", post=422),
    of_treasurer("treasurer-payee", get=404, post=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-award", get=404, post=404, pk="no key"),
    of_treasurer("treasurer-recoveries"),
    of_treasurer("treasurer-recovery", get=404, post=404, and_board=True, pk="no key"),
    of_treasurer("treasurer-periods", post=200, and_board=True),
    of_treasurer("treasurer-books", year="year"),
    of_treasurer("treasurer-journal", year="year"),
    of_treasurer("treasurer-auditfile", year="year"),
    of_treasurer("treasurer-year-end", year="year"),
]


def of_school(url: str, get: int | None = 200, post: int | None = None, **args: str) -> Row:
    """A page of one school; somebody of another school gets what does not exist."""
    return Row(
        url,
        ("teacher",),
        get=get,
        post=post,
        doubles=("other_teacher",),
        args={"provider": "school", **args},
    )


# People with an award stand in tests/portals/test_school.py; here nobody has one.
SCHOOL_PAGES = [
    Row("school:start", ("teacher", "other_teacher"), get=302),
    of_school("school:home"),
    of_school("school:people"),
    of_school("school:person", get=404, pk="no key"),
    of_school("school:confirm", get=None, post=404, pk="no key"),
    of_school("school:begin", get=None, post=404, pk="no key"),
    of_school("school:week", get=None, post=404, pk="no key"),
    of_school("school:gone", get=404, post=404, pk="no key"),
    of_school("school:move", get=404, post=404, pk="no key"),
    of_school("school:result", get=404, post=404, pk="no key"),
    of_school("school:result-of", get=404, post=404, pk="no key", kind="diploma"),
    of_school("school:editions"),
    of_school("school:cancel", get=404, post=404, pk="no key"),
    of_school("school:prices"),
    of_school("school:price", post=422, pk="forklift"),
    of_school("school:invoices"),
    of_school("school:invoice-new", post=422),
    of_school("school:invoice-upload", get=None, post=302),
    of_school("school:invoice-withdrawal", get=404, post=404, pk="no key"),
]


def of_partner(url: str, get: int | None = 302, post: int | None = None, **args: str) -> Row:
    """A page of a partner's administrator, who is led to the second factor first."""
    return Row(
        url,
        ("partner_manager",),
        get=get,
        post=post,
        doubles=("other_partner_manager",),
        args={"partner": "partner", **args},
    )


# With a second factor: tests/api/test_partner_pages.py.
PARTNER_PAGES = [
    Row("partner:start", ("partner_manager", "other_partner_manager"), get=302),
    of_partner("partner:home"),
    of_partner("partner:secret-new", post=302),
    of_partner("partner:key-new", post=302),
    of_partner("partner:credential-rotate", post=302, pk="no key"),
    of_partner("partner:credential-withdraw", get=None, post=302, pk="no key"),
    of_partner("partner:sheets"),
    of_partner("partner:sheet", post=302, kind="requests"),
    of_partner("partner:sheet-template", kind="requests", ending="csv"),
    of_partner("partner:webhooks"),
    of_partner("partner:webhook-new", post=302),
    of_partner("partner:webhook", pk="no key"),
    of_partner("partner:webhook-test", get=None, post=302, pk="no key"),
    of_partner("partner:webhook-rotate", post=302, pk="no key"),
    of_partner("partner:webhook-end", get=None, post=302, pk="no key"),
    of_partner("partner:webhook-anew", get=None, post=302, pk="no key"),
]

MATRIX = [
    *ACCOUNT,
    *PUBLIC,
    *REQUEST_PAGES,
    *WORKER_PAGES,
    *COUNTER_PAGES,
    *BOARD_PAGES,
    *TREASURER_PAGES,
    *EMPLOYER_PAGES,
    *SCHOOL_PAGES,
    *PARTNER_PAGES,
    *MONITORS,
    *API,
]
