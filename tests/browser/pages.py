"""Every page that the browser looks at: one line each.

A scene is a person of the cast, the fixtures that must have happened before, and the addresses to
open. A new page of your portal is one line here, and then it is looked at three widths: for
accessibility, overflow, size of text and targets, amounts that break, and what it asks of others.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scene:
    """`person` is a fixture of the cast, or empty for a visitor; `{draft}` and the like in a path
    are filled by `fill`: the name of a fixture and what of it the address holds."""

    name: str
    paths: list[str]
    person: str = ""
    needs: list[str] = field(default_factory=list)
    fill: dict[str, tuple[str, str]] = field(default_factory=dict)
    has_second_factor: bool = False


SCENES = [
    Scene(
        "visitor",
        [
            "/",
            "/how-we-divide",
            "/accessibility",
            "/privacy",
            "/sign-in",
            "/sign-up",
            "/sign-in/password",
            "/password/forgotten",
        ],
    ),
    Scene(
        "visitor, open round",
        ["/regions/twente", "/regions/twente/rounds/2027-2", "/apply/twente/check"],
        needs=["round_that_is_open"],
    ),
    Scene(
        "visitor, published round",
        ["/regions/twente", "/regions/twente/rounds/2027-1"],
        needs=["compared", "published"],
    ),
    Scene(
        "board, deciding",
        [
            "/board/twente",
            "/board/twente/rounds/new",
            "/board/twente/rounds/2027-1",
            "/board/twente/rounds/2027-1/requests",
            "/board/twente/rounds/2027-1/requests/{request}",
            "/board/twente/rounds/2027-1/difference",
            "/board/twente/policies",
            "/board/twente/policies/new",
            "/board/twente/unmet-demand",
        ],
        person="chair",
        needs=["compared", "scenario"],
        fill={"request": ("one_request", "pk")},
    ),
    Scene(
        "board, after a decision",
        ["/board/twente/rounds/2027-1", "/board/twente/rounds/2027-1/difference"],
        person="chair",
        needs=["changed"],
    ),
    Scene(
        "board, work under way",
        ["/board/twente/rounds/2027-1/work"],
        person="chair",
        needs=["work_under_way"],
    ),
    Scene(
        "board, second signature",
        ["/board/twente", "/board/twente/rounds/2027-1"],
        person="second_signer",
        needs=["proposed"],
    ),
    Scene(
        "worker, asking",
        [
            "/my",
            "/apply/twente",
            "/requests/{draft}",
            "/requests/{draft}/questions/name",
            "/requests/{draft}/questions/reach",
            "/requests/{draft}/questions/work",
            "/requests/{draft}/questions/learning",
            "/requests/{draft}/choices",
            "/requests/{draft}/choices/1",
            "/requests/{draft}/choices/1/costs/travel",
            "/requests/{draft}/trainings/{training}",
            "/requests/{draft}/trainings",
            "/requests/{draft}/trainings/other",
            "/requests/{draft}/files",
            "/requests/{draft}/priority",
            "/requests/{draft}/summary",
        ],
        person="worker_account",
        fill={"draft": ("draft_of_worker", "reference"), "training": ("forklift", "pk")},
    ),
    Scene(
        "worker, who sent",
        ["/my", "/requests/{sent}", "/requests/{sent}/sent", "/requests/{sent}/receipt"],
        person="worker_account",
        fill={"sent": ("sent_request", "reference")},
    ),
    Scene(
        "worker, own things",
        ["/my/learning", "/my/learning/month", "/my/learning/questions", "/my/data", "/my/help"],
        person="worker_account",
    ),
    Scene(
        "worker, around the course",
        [
            "/my/help/own",
            "/my/learning/strengths",
            "/my/learning/story",
            "/apply/twente/benefits",
            "/apply/twente/benefits?look=1&have=ww&have=toeslagen",
            "/requests/{draft}/arrangement",
        ],
        person="worker_account",
        needs=["sister"],
        fill={"draft": ("draft_of_worker", "reference")},
    ),
    Scene(
        "helper of somebody",
        ["/helping", "/requests/{draft}", "/requests/{draft}/summary"],
        person="sister",
        fill={"draft": ("draft_of_worker", "reference")},
    ),
    Scene(
        "worker, awarded",
        ["/my", "/requests/{request}", "/requests/{request}/answer"],
        person="awarded_account",
        fill={"request": ("awarded_request", "reference")},
    ),
    Scene(
        "worker, after the training",
        [
            "/requests/{request}",
            "/requests/{request}/start",
            "/requests/{request}/proof",
            "/requests/{request}/proof/diploma",
            "/requests/{request}/proof/practice",
            "/requests/{request}/proof/attendance",
            "/requests/{request}/stop",
        ],
        person="awarded_account",
        fill={"request": ("accepted_request", "reference")},
    ),
    Scene(
        "worker, in training",
        ["/my", "/requests/{request}"],
        person="awarded_account",
        fill={"request": ("begun_request", "reference")},
    ),
    Scene(
        "worker, whose school dropped out",
        ["/my", "/requests/{request}", "/requests/{request}/replacement"],
        person="replacing_account",
        fill={"request": ("replacing_request", "reference")},
    ),
    Scene(
        "board, channels",
        ["/counter/twente/outreach"],
        person="chair",
    ),
    Scene(
        "adviser, proofs and channels",
        [
            "/counter/twente/starts",
            "/counter/twente/proofs",
            "/counter/twente/proofs/{proof}",
            "/counter/twente/outreach",
        ],
        person="adviser",
        needs=["silent_start"],
        fill={"proof": ("proof_that_waits", "pk")},
    ),
    Scene(
        "worker, refused",
        ["/my", "/requests/{request}", "/requests/{request}/objection"],
        person="refused_account",
        fill={"request": ("refused_request", "reference")},
    ),
    Scene(
        "administrator, objections",
        ["/board/twente/objections", "/board/twente/objections/{objection}"],
        person="administrator",
        fill={"objection": ("objection_taken", "pk")},
    ),
    Scene(
        "adviser",
        [
            "/counter/twente",
            "/counter/twente/people/new",
            "/counter/twente/people/mandate",
            "/counter/twente/checks",
            "/counter/twente/stories",
            "/counter/twente/companions",
            "/counter/twente/interests",
            "/counter/people/{worker}",
        ],
        person="adviser",
        needs=["mandate_of_adviser", "draft_of_worker"],
        fill={"worker": ("worker", "pk")},
    ),
    Scene(
        "school, somebody comes",
        [
            "/schools/{school}",
            "/schools/{school}/people",
            "/schools/{school}/people?words=nobody",
            "/schools/{school}/people/{award}",
            "/schools/{school}/people/{award}/move",
            "/schools/{school}/people/{award}/gone",
            "/schools/{school}/starts",
            "/schools/{school}/starts/{edition}/cancel",
            "/schools/{school}/prices",
            "/schools/{school}/prices/{training}",
            "/schools/{school}/invoices",
        ],
        person="school_teacher",
        needs=["person_of_school"],
        fill={
            "school": ("welding", "provider_id"),
            "training": ("welding", "pk"),
            "edition": ("edition", "pk"),
            "award": ("person_of_school", "pk"),
        },
    ),
    Scene(
        "school, in training",
        [
            "/schools/{school}/people/{award}",
            "/schools/{school}/people/{award}/result",
            "/schools/{school}/people/{award}/result/practice",
            "/schools/{school}/people/{award}/result/attendance",
            "/schools/{school}/people/{award}/gone",
            "/schools/{school}/invoices",
            "/schools/{school}/invoices/new?for={award}",
        ],
        person="school_teacher",
        fill={"school": ("welding", "provider_id"), "award": ("learner_of_school", "pk")},
    ),
    Scene(
        "adviser, schools",
        ["/counter/twente/schools", "/counter/twente/schools/{school}", "/counter/twente/gone"],
        person="adviser",
        needs=["gone_of_school"],
        fill={"school": ("welding", "provider_id")},
    ),
    Scene(
        "worker, and the school",
        ["/requests/{request}", "/my/data"],
        person="awarded_account",
        needs=["person_of_school"],
        fill={"request": ("awarded_request", "reference")},
    ),
    Scene(
        "employer",
        [
            "/employers/{employer}",
            "/employers/{employer}/pledges",
            "/employers/{employer}/pledges/new",
            "/employers/{employer}/contributions",
            "/employers/{employer}/contributions/{contribution}",
            "/employers/{employer}/contributions/account/2027",
            "/employers/{employer}/people",
            "/employers/{employer}/flex",
            "/employers/{employer}/flex/mirror",
            "/employers/{employer}/people/invite",
            "/employers/{employer}/flex/codes/new",
            "/employers/{employer}/flex/demand",
            "/employers/{employer}/certificates",
        ],
        person="manager",
        needs=["fund_iban", "contribution"],
        fill={"employer": ("employer", "pk"), "contribution": ("contribution", "pk")},
    ),
    Scene(
        "treasurer",
        [
            "/treasurer/twente",
            "/treasurer/twente/statements",
            "/treasurer/twente/bank",
            "/treasurer/twente/lines",
            "/treasurer/twente/lines?show=all&words=a",
            "/treasurer/twente/lines/{line}",
            "/treasurer/twente/payouts",
            "/treasurer/twente/batches/{batch}",
            "/treasurer/twente/payees",
            "/treasurer/twente/payees/{payee}",
            "/treasurer/twente/awards/{award}",
            "/treasurer/twente/recoveries",
            "/treasurer/twente/charges",
            "/treasurer/twente/earmarks",
            "/treasurer/twente/dropouts",
            "/treasurer/twente/dropouts/work/{dropout}",
            "/treasurer/twente/exclusions",
            "/treasurer/twente/books/2026",
            "/treasurer/twente/months",
        ],
        person="treasurer",
        fill={
            "line": ("deposit_in_suspense", "entry_id"),
            "dropout": ("dropout_under_way", "pk"),
            "batch": ("batch_to_approve", "pk"),
            "payee": ("payee_of_school", "pk"),
            "award": ("award_to_pay", "pk"),
        },
    ),
    Scene(
        "partner, its program",
        [
            "/partners/{partner}",
            "/partners/{partner}/secrets",
            "/partners/{partner}/keys",
            "/partners/{partner}/credentials/{credential}/rotate",
            "/partners/{partner}/webhooks",
            "/partners/{partner}/webhooks/new",
            "/partners/{partner}/webhooks/{webhook}",
            "/partners/{partner}/webhooks/{webhook}/secret",
        ],
        person="partner_manager",
        fill={
            "partner": ("partner", "pk"),
            "credential": ("credential_of_partner", "pk"),
            "webhook": ("webhook_of_partner", "pk"),
        },
        has_second_factor=True,
    ),
    Scene(
        "account",
        [
            "/home",
            "/account",
            "/account/number",
            "/account/email",
            "/account/password/new",
            "/account/security",
            "/account/security/app",
            "/account/security/passkeys",
            "/account/security/passkeys/new",
        ],
        person="stranger",
    ),
    Scene(
        "board, setting up money",
        ["/treasurer/twente/earmarks/new", "/treasurer/twente/earmarks"],
        person="chair",
    ),
]
