"""The reviewed list of what does not pass, with a reason for each entry (known-differences.toml)."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

EXPECTATIONS = ("fails", "skipped", "not-run")


def matches(pattern: str, test: str) -> bool:
    """`*` stands for anything; brackets, which belong to a test's name, stand for themselves."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), test) is not None


@dataclass(frozen=True)
class Difference:
    suite: str
    test: str
    expect: str
    reason: str


class DifferencesError(Exception):
    """The list is not as it must be."""


def read_differences(path: Path) -> list[Difference]:
    """Raises DifferencesError where one is incomplete."""
    differences = []
    for number, entry in enumerate(tomllib.loads(path.read_text()).get("difference", []), 1):
        unknown = set(entry) - {"suite", "tests", "expect", "reason"}
        tests = entry.get("tests", [])
        if (
            unknown
            or not tests
            or not entry.get("suite")
            or len(entry.get("reason", "").strip()) < 10
            or entry.get("expect") not in EXPECTATIONS
        ):
            raise DifferencesError(
                f"{path.name}: entry {number} needs suite, tests, a reason and expect = {' | '.join(EXPECTATIONS)}; "
                f"it has {entry}"
            )
        differences += [Difference(entry["suite"], test, entry["expect"], entry["reason"].strip()) for test in tests]
    return differences
