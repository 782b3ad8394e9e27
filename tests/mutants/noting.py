"""Part of a test run that learns: tells coverage which test runs, and notes how long each takes."""

import json
from pathlib import Path

import pytest
from coverage import Coverage

SECONDS: dict[str, float] = {}


def pytest_addoption(parser):
    parser.addoption("--noting", help="where the seconds of each test are written")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """What runs while the database is made belongs to whoever comes first, and to nobody."""
    running = Coverage.current()
    running.switch_context(item.nodeid)
    try:
        return (yield)
    finally:
        running.switch_context("")


def pytest_runtest_logreport(report):
    SECONDS[report.nodeid] = SECONDS.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session):
    Path(session.config.getoption("--noting")).write_text(json.dumps(SECONDS))
