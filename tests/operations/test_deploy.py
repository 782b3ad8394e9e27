"""The files for servers name only what exists."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_of_ours_and_starts_it_again(unit):
    text = unit.read_text()
    started = re.search(r"^ExecStart=/opt/budgetpool/\.venv/bin/(.*)$", text, re.MULTILINE)[1]
    command = re.match(r"python manage\.py (\w+)", started)
    documented = (ROOT / "docs" / "operations.md").read_text()
    assert command[1] in get_commands() if command else f"uv run {started}" in documented
    assert "Restart=always" in text
    assert "User=budgetpool" in text
    assert "NoNewPrivileges=true" in text


def test_every_alert_looks_at_a_figure_that_exists_and_says_what_to_do():
    written = (ROOT / "budgetpool" / "operations" / "metrics.py").read_text()
    [group] = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text())["groups"]
    assert group["rules"]
    for rule in group["rules"]:
        figures = set(re.findall(r"budgetpool_\w+", rule["expr"]))
        assert figures
        assert all(f'"{figure}"' in written for figure in figures), rule
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["remedy"]


@pytest.mark.django_db
def test_every_panel_of_the_dashboard_asks_for_figures_that_are_served(client, settings):
    settings.METRICS_TOKEN = "a-long-secret-of-the-monitor"
    answer = client.get("/metrics", headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"})
    families = text_string_to_metric_families(answer.content.decode())
    served = {
        name
        for family in families
        for name in (
            {family.name} | {f"{family.name}_{end}" for end in ("bucket", "count", "sum")}
            if family.type == "histogram"
            else {family.name}
        )
    }
    board = json.loads((ROOT / "deploy" / "grafana" / "budgetpool.json").read_text())
    asked = {}
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["targets"]
        for target in panel["targets"]:
            names = set(re.findall(r"budgetpool_\w+|\bup\b", target["expr"]))
            assert names, target
            asked[target["expr"]] = names - {"up"} - served
    assert not any(asked.values()), asked
    shown = {name for expression in asked for name in re.findall(r"budgetpool_\w+", expression)}
    missing = {name for name in served if not any(one.startswith(name) for one in shown)} - {
        f"budgetpool_minutes_to_submit_{end}" for end in ("sum",)
    }
    assert not missing, "a figure that nobody shows"


def test_the_front_lets_through_what_the_server_takes():
    front = (ROOT / "deploy" / "Caddyfile").read_text()
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert "reverse_proxy web:8000" in front
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in compose["front"]["volumes"]
    assert "ports" not in compose["web"], "nobody reaches the pages without HTTPS"
