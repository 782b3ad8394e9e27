"""The files with which anybody divides a published round again, in one archive."""

import io
import json
import zipfile

from django.template.loader import render_to_string

from allocation.models import Adjustment, Round, Scenario
from allocation.optimiser import Policy
from allocation.rounds import folder, snapshot

# The moment inside an archive is fixed, so that the same round always gives the same bytes.
MOMENT = (2020, 1, 1, 0, 0, 0)


def archive(round: Round) -> bytes:
    """A zip with the folders `input` and `outcome` that `allocate` and `verify` read.

    Rows carry pseudonyms whose key never leaves the fund, and only what the rule needs.
    """
    scenario, frozen = round.proposal, round.snapshot
    assert scenario is not None
    files = {
        "READ-ME.txt": render_to_string(
            "public/check_read_me.txt", {"round": round, "scenario": scenario}
        ),
        "input/policy.toml": folder.toml(Policy.from_dict(json.loads(scenario.policy_text))),
        "input/requests.csv": frozen.requests_csv,
        "input/editions.csv": frozen.editions_csv,
        "input/pools.csv": frozen.pools_csv,
        "input/contributions.csv": frozen.contributions_csv,
        "input/adjustments.csv": _adjustments(round, scenario),
        "outcome/decisions.csv": scenario.decisions_csv,
        "outcome/result.json": json.dumps(scenario.result, indent=1, ensure_ascii=False),
        "outcome/certificate.json": json.dumps(scenario.certificate, indent=1, ensure_ascii=False),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            if text:
                entry = zipfile.ZipInfo(f"{round.code}/{name}", MOMENT)
                bundle.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _adjustments(round: Round, scenario: Scenario) -> str:
    """What the board decided itself, by the pseudonym of each choice; empty when nothing."""
    if not scenario.adjusted:
        return ""
    kinds = dict(
        Adjustment.objects.filter(pk__in=scenario.adjusted).values_list("request_id", "kind")
    )
    rows: dict[int, list[str]] = {}
    for name, (request, _) in sorted(snapshot.request_ids(round).items()):
        if request in kinds:
            rows.setdefault(request, []).append(name)
    lines = ["request_id,action"]
    for request, names in rows.items():
        # Giving is for the first choice, withholding for all of them.
        chosen = names[:1] if kinds[request] == Adjustment.Kind.GIVE else names
        lines += [f"{name},{kinds[request]}" for name in chosen]
    return "\n".join([*lines, ""])
