"""The files with which anybody divides a published round again, in one archive."""

import io
import json
import zipfile
from typing import Any

from django.template.loader import render_to_string

from allocation.models import Adjustment, Round, Scenario
from allocation.rounds import snapshot

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
        "input/policy.toml": toml(json.loads(scenario.policy_text)),
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


def toml(policy: dict[str, Any]) -> str:
    """A policy as `policy.toml`; a value that is not set is left out.

    >>> print(toml({"seed": "4 11", "cap": [{"column": "provider_id", "count": 300}]}))
    seed = "4 11"
    <BLANKLINE>
    [[cap]]
    column = "provider_id"
    count = 300
    <BLANKLINE>
    """
    lines, tables = [], []
    for key, value in policy.items():
        if isinstance(value, dict):
            tables += ["", f"[{key}]", *_pairs(value)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                tables += ["", f"[[{key}]]", *_pairs(row)]
        else:
            lines += _pairs({key: value})
    return "\n".join([*lines, *tables, ""])


def _pairs(table: dict[str, Any]) -> list[str]:
    # JSON's texts, numbers and lists are TOML's too.
    return [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in table.items()
        if value is not None
    ]


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
