"""The files of a published round, in one archive: for everybody, and for the auditor.

For everybody there are coarse lines that hide each person among at least ten, sums, and what the
certificate proves on them. The exact lines, on which anybody with the program gets the same
outcome again, go to the auditor; they are public only when they hide everybody themselves.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language

from allocation.decisions import coarse, coarse_files, published
from allocation.models import Adjustment, Round, Scenario
from allocation.optimiser import Policy
from allocation.rounds import folder, record, snapshot
from budgetpool import lazily

if TYPE_CHECKING:
    from allocation.optimiser import Problem, verify
else:
    verify = lazily.module("allocation.optimiser.verify")

# The moment inside an archive is fixed, so that the same round always gives the same bytes.
MOMENT = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Files:
    """The exact files of a round, and who may have them.

    Attributes:
        problem: the input with only the columns that the division used.
        texts: its files and those of the outcome, by their path.
        awarded: ids of the lines that were awarded.
    """

    problem: Problem
    texts: dict[str, str]
    awarded: set[str]

    @property
    def hide_everybody(self) -> bool:
        """Whether the exact lines may be public: each person is alike to many in all of them."""
        if self.problem.before is not None:  # what somebody had before is one more fact
            return False
        return published.alike(self.problem.requests, self.awarded)


def public(round: Round) -> bytes:
    """The archive for everybody: coarse, unless the exact lines hide everybody.

    It never changes after publication, and making it takes seconds: so it is made once.
    """
    assert round.proposal is not None
    name = f"check-files:{round.pk}:{round.proposal.sha256}:{get_language()}"
    made: bytes | None = cache.get(name)
    if made is None:
        made = _public(round)
        cache.set(name, made, timeout=None)
    return made


def _public(round: Round) -> bytes:
    exact = of(round)
    if exact.hide_everybody:
        return _exact(round, exact)
    groups = coarse_files.groups_of(exact.problem, exact.awarded)
    files = coarse_files.files_of(round, exact.problem, exact.texts, groups)
    sizes = [len(group) for group in groups]
    read_me = render_to_string(
        "check/coarse_read_me.txt",
        {
            "round": round,
            "scenario": round.proposal,
            "groups": len(groups),
            "smallest": min(sizes, default=0),
            "least": coarse.LEAST,
            "exact_sha256": published.fingerprint(exact.problem),
        },
    )
    return _zip(round, {"READ-ME.txt": read_me, **files})


def for_auditor(round: Round) -> bytes:
    """The archive with the exact lines: `input` and `outcome`, as `allocate` and `verify` read."""
    return _exact(round, of(round))


def of(round: Round) -> Files:
    """The exact files of a published round.

    Rows carry pseudonyms whose key never leaves the fund, and of each person only the columns
    that the rule names; the result names the fingerprint of exactly this input.
    """
    scenario, frozen = round.proposal, round.snapshot
    assert scenario is not None
    rule = Policy.from_dict(json.loads(scenario.policy_text))
    decided = _decided(round, scenario)
    problem = published.input_of(
        snapshot.read(
            frozen,
            rule,
            given=frozenset(name for name, kind in decided if kind == Adjustment.Kind.GIVE),
            withheld=frozenset(name for name, kind in decided if kind != Adjustment.Kind.GIVE),
            before=record.awards_frame(scenario.instead_of) if scenario.instead_of else None,
        )
    )
    inputs = folder.input_files(problem)
    texts = {
        **{f"input/{name}": inputs[name] for name in inputs},
        "outcome/decisions.csv": scenario.decisions_csv,
        "outcome/result.json": _json(published.restated(scenario.result, problem)),
        "outcome/certificate.json": _json(published.restated(scenario.certificate, problem)),
    }
    return Files(problem, texts, published.awarded_lines(scenario.decisions_csv))


def _exact(round: Round, exact: Files) -> bytes:
    read_me = render_to_string(
        "check/exact_read_me.txt",
        {
            "round": round,
            "scenario": round.proposal,
            "published_sha256": published.fingerprint(exact.problem),
        },
    )
    return _zip(round, {"READ-ME.txt": read_me, **exact.texts, "verify.py": verify.text()})


def _zip(round: Round, files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            if text:
                entry = zipfile.ZipInfo(f"{round.code}/{name}", MOMENT)
                bundle.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _json(stated: dict[str, Any]) -> str:
    return json.dumps(stated, indent=1, ensure_ascii=False)


def _decided(round: Round, scenario: Scenario) -> list[tuple[str, str]]:
    """What the board decided itself, by the pseudonym of each choice; empty when nothing."""
    if not scenario.adjusted:
        return []
    kinds = dict(
        Adjustment.objects.filter(pk__in=scenario.adjusted).values_list("request_id", "kind")
    )
    rows: dict[int, list[str]] = {}
    for name, (request, _) in sorted(snapshot.request_ids(round).items()):
        if request in kinds:
            rows.setdefault(request, []).append(name)
    # Giving is for the first choice, withholding for all of them.
    return [
        (name, kinds[request])
        for request, names in rows.items()
        for name in (names[:1] if kinds[request] == Adjustment.Kind.GIVE else names)
    ]
