"""The files for servers name only what exists."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

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


def test_the_front_lets_through_what_the_server_takes():
    front = (ROOT / "deploy" / "Caddyfile").read_text()
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert "reverse_proxy web:8000" in front
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in compose["front"]["volumes"]
    assert "ports" not in compose["web"], "nobody reaches the pages without HTTPS"
