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


def read_differences(path: Path, *, has_tls: bool) -> list[Difference]:
    """The entries that count for this hub. Raises DifferencesError where one is incomplete."""
    differences = []
    for number, entry in enumerate(tomllib.loads(path.read_text()).get("difference", []), 1):
        unknown = set(entry) - {"suite", "tests", "expect", "reason", "only_without"}
        tests = entry.get("tests", [])
        if (
            unknown
            or not tests
            or not entry.get("suite")
            or len(entry.get("reason", "").strip()) < 10
            or entry.get("expect") not in EXPECTATIONS
            or entry.get("only_without", "tls") != "tls"
        ):
            raise DifferencesError(
                f"{path.name}: entry {number} needs suite, tests, a reason and expect = {' | '.join(EXPECTATIONS)}; "
                f"the only condition is only_without = \"tls\"; it has {entry}"
            )
        if has_tls and "only_without" in entry:
            continue
        differences += [Difference(entry["suite"], test, entry["expect"], entry["reason"].strip()) for test in tests]
    return differences
