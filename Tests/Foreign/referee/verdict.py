"""Judges the outcomes of one suite against the known differences."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from .differences import Difference, matches


@dataclass
class Outcomes:
    """What a run of pytest left: every collected test with `passed`, `failed`, `skipped`, or None where it never ended."""

    results: dict[str, str | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Outcomes":
        outcomes = cls()
        for line in path.read_text().splitlines() if path.exists() else []:
            entry = json.loads(line)
            outcomes.note(entry["test"], entry["phase"], entry.get("outcome"), entry.get("why", ""))
        return outcomes

    def note(self, test: str, phase: str, outcome: str | None, why: str = "") -> None:
        """A test passes with its teardown, and fails or is skipped with the first phase that does."""
        if phase == "collected":
            self.results.setdefault(test, None)
        elif outcome == "failed" or (outcome == "skipped" and self.results.get(test) != "failed"):
            self.results[test] = outcome
            self.reasons.setdefault(test, why)
        elif phase == "teardown" and self.results.get(test) is None:
            self.results[test] = "passed"

    def count(self, outcome: str | None) -> int:
        return sum(result == outcome for result in self.results.values())


def judge(outcomes: Outcomes, differences: list[Difference]) -> list[str]:
    """What is wrong with a suite's run; nothing where every test did what is expected of it."""
    wrong = []
    unended = []
    expected: dict[str, Difference] = {}
    for difference in differences:
        tests = [test for test in outcomes.results if matches(difference.test, test)]
        if not tests:
            wrong.append(f"listed, but there is no such test: {difference.test}")
        for test in tests:
            if test in expected:
                wrong.append(f"listed twice: {test}")
            expected[test] = difference
    for test, result in outcomes.results.items():
        expectation = expected[test].expect if test in expected else "passes"
        why = outcomes.reasons.get(test, "")
        match expectation, result:
            case ("passes", "passed") | ("fails", "failed") | ("skipped", "skipped") | ("not-run", None):
                pass
            case "passes", None:
                unended.append(test)
            case "passes", _:
                wrong.append(f"{result}, and not listed: {test}\n      {why}")
            case _:
                wrong.append(f"listed as {expectation}, but {result or 'never ended'}: {test}")
    if unended:
        wrong.append(f"never ended: {len(unended)} tests, first {unended[0]}")
    if not outcomes.count("passed"):
        wrong.append("no test passed at all")
    return wrong
