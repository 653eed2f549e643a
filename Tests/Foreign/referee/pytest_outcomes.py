"""A pytest plugin: writes every collected test and every outcome to the file named by FOREIGN_OUTCOMES, as JSON lines.

FOREIGN_NOT_RUN is a JSON list of the tests, `*` for anything, that are collected but left out.
"""

import json
import os

import pytest

from referee.differences import matches


def _write(**line) -> None:
    with open(os.environ["FOREIGN_OUTCOMES"], "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items) -> None:
    # Before anybody else, so that what is left out is known to exist.
    for item in items:
        _write(test=item.nodeid, phase="collected")
    patterns = json.loads(os.environ["FOREIGN_NOT_RUN"])
    left_out = [item for item in items if any(matches(pattern, item.nodeid) for pattern in patterns)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collectreport(report) -> None:
    if report.failed:
        _write(test=report.nodeid, phase="collected")
        _write(test=report.nodeid, phase="call", outcome="failed", why=_last_line(report.longreprtext))


def pytest_runtest_logreport(report) -> None:
    why = ""
    if report.skipped:
        why = getattr(report, "wasxfail", None) or (
            report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        )
    elif report.failed:
        why = _last_line(report.longreprtext)
    _write(test=report.nodeid, phase=report.when, outcome=report.outcome, why=why)


def _last_line(text: str) -> str:
    """What was raised: the last line that pytest marks with E."""
    marked = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    return (marked or text.strip().splitlines() or [""])[-1]
