#!/usr/bin/env python3
"""Lets AMQP clients that others wrote judge HubSim: their own test suites, and scripts of ours that use them.

    Tests/Foreign/run.py --hub-program .build/debug/HubSimServer     everything, each on a hub of its own
    Tests/Foreign/run.py --hub-url amqp://… clients                  our scripts, on a broker that runs already

Names of suites or scripts, or of groups of them, `suites`, `clients` and `long`, choose what runs. Exit status: 0 where everything is as expected.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass, field
from pathlib import Path

from referee import test_verdict
from referee.certificates import Certificates
from referee.containers import Containers
from referee.differences import Difference, read_differences
from referee.hub import Hub
from referee.processes import Processes
from referee.suites import CLIENTS, SUITES, Suite, unpacked
from referee.verdict import Outcomes, judge

HERE = Path(__file__).resolve().parent
SUITE_SECONDS = 170
LONG_SUITE_SECONDS = 1500
CLIENT_SECONDS = 90


@dataclass
class Report:
    """What came out of one suite or script."""

    name: str
    seconds: float
    counts: str
    wrong: list[str]
    differences: list[Difference] = field(default_factory=list)


class Run:
    """One run: its processes, its temporary folder, what it was told."""

    def __init__(self, options: argparse.Namespace, folder: Path, processes: Processes) -> None:
        self.options = options
        self.folder = folder
        self.processes = processes
        self.certificates: Certificates | None = None
        self.python = str(options.environment / "bin" / "python")

    async def prepare(self) -> list[Difference]:
        if self.options.hub_program:
            self.certificates = Certificates(self.folder / "certificates")
            await self.certificates.make(self.processes)
        return read_differences(HERE / "known-differences.toml")

    def hub(self, name: str, *options: str) -> Hub:
        return Hub(self.options.hub_program, self.folder, name, self.processes, self.certificates, options)

    async def suite(self, suite: Suite, differences: list[Difference]) -> Report:
        """Runs one suite with pytest, on a hub of its own, and judges it."""
        began = time.monotonic()
        differences = [difference for difference in differences if difference.suite == suite.package]
        source = self.folder / suite.package
        shutil.copytree(unpacked(self.options.sources, suite), source)
        if suite.certificates and self.certificates:
            shutil.copytree(self.certificates.folder, source / suite.certificates)
        outcomes_file = self.folder / f"{suite.package}.outcomes"
        # What the suites themselves listen to, and what would lead them elsewhere, is set here and not inherited.
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(HERE)}
        environment |= {"FOREIGN_OUTCOMES": str(outcomes_file), "HOME": str(self.folder)}
        environment["FOREIGN_NOT_RUN"] = json.dumps([d.test for d in differences if d.expect == "not-run"])
        containers = Containers(self.folder / f"{suite.package}.socket", lambda id: self.hub(f"{suite.package}.{id}"))
        hub = self.hub(suite.package)
        try:
            if suite.wants_container:
                await containers.start()
                environment["DOCKER_HOST"] = containers.docker_host
            else:
                await hub.start()
                environment |= suite.environment(hub.port, hub.tls_port)
            status, output = await self.processes.run(
                self.python,
                *("-m", "pytest", "-q", "-p", "referee.pytest_outcomes", "-p", "no:cacheprovider"),
                *("--rootdir", str(source), "-W", "ignore", *suite.pytest_options),
                *suite.paths,
                timeout_seconds=LONG_SUITE_SECONDS if suite.is_long else SUITE_SECONDS,
                cwd=source,
                env=environment,
            )
        finally:
            await hub.stop()
            await containers.stop()
        outcomes = Outcomes.read(outcomes_file)
        wrong = judge(outcomes, differences)
        # pytest: 0 = all passed, 1 = some failed; anything else is no run of the suite.
        if status not in (0, 1):
            wrong.append(f"pytest ended with status {status}")
        if wrong:
            (self.options.logs / f"{suite.package}.txt").write_text(output)
            wrong.append(f"what pytest said: {os.path.relpath(self.options.logs / suite.package)}.txt")
        counts = f"{outcomes.count('passed')} passed"
        for count, word in [
            (outcomes.count("failed"), "failed"),
            (outcomes.count("skipped"), "skipped"),
            (outcomes.count(None), "not run"),
        ]:
            counts += f", {count} {word}" if count else ""
        return Report(unpacked(self.options.sources, suite).name, time.monotonic() - began, counts, wrong, differences)

    async def client(self, name: str) -> Report:
        """Runs one of our scripts; anything but its success is wrong."""
        began = time.monotonic()
        # So little memory that a script can use it up.
        hub = None if self.options.hub_url else self.hub(name, "--memory-high-bytes", str(6 << 20))
        # TEST_HUB_CTL belongs to the broker that runs already; with a hub of our own it would steer another's.
        environment = {key: value for key, value in os.environ.items() if not hub or key != "TEST_HUB_CTL"}
        try:
            if hub:
                await hub.start()
            status, output = await self.processes.run(
                self.python,
                *(str(HERE / "clients" / f"{name}.py"), self.options.hub_url or hub.url),
                timeout_seconds=CLIENT_SECONDS,
                env=environment,
            )
        finally:
            if hub:
                await hub.stop()
        held = sum(line.startswith("ok ") for line in output.splitlines())
        wrong = [] if status == 0 else [f"ended with status {status}; it said:\n{output}"]
        if not held:
            wrong.append("it checked nothing")
        return Report(name, time.monotonic() - began, f"{held} checks hold", wrong)


def tell(report: Report) -> None:
    print(f"{'FAIL' if report.wrong else 'ok  '} {report.name:<20} {report.seconds:6.1f} s  {report.counts}")
    reasons: dict[tuple[str, str], list[str]] = {}
    for difference in report.differences:
        reasons.setdefault((difference.expect, difference.reason), []).append(difference.test)
    for (expect, reason), tests in reasons.items():
        print(f"       known: {expect}: {', '.join(tests) if len(tests) < 3 else f'{len(tests)} entries'}: {reason}")
    for line in report.wrong:
        print(f"     ! {line}")
    sys.stdout.flush()


async def run(options: argparse.Namespace) -> bool:
    processes = Processes()
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="foreign.") as folder:
        try:
            this = Run(options, Path(folder), processes)
            differences = await this.prepare()
            jobs = [this.suite(suite, differences) for suite in SUITES if suite.package in options.what]
            jobs += [this.client(name) for name in CLIENTS if name in options.what]
            reports = []
            # They mostly wait, so they run beside each other; each has its own hub.
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(job) for job in jobs]
                for done in asyncio.as_completed(tasks):
                    reports.append(await done)
                    tell(reports[-1])
            bad = [report.name for report in reports if report.wrong]
            print(f"{len(reports)} suites and scripts in {time.monotonic() - began:.0f} s: ", end="")
            print(f"not as expected: {', '.join(bad)}" if bad else "all as expected")
            return bool(reports) and not bad
        finally:
            await processes.end_all()


def main() -> int:
    names = [suite.package for suite in SUITES] + list(CLIENTS)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=["suites", "clients"], help=f"suites, clients, long, {', '.join(names)}")
    parser.add_argument("--hub-program", type=Path, help="the HubSimServer to be judged")
    parser.add_argument("--hub-url", help="a broker that runs already; only our scripts run on it")
    parser.add_argument("--environment", type=Path, default=Path(".build/foreign/environment"))
    parser.add_argument("--sources", type=Path, default=Path(".build/foreign/sources"))
    parser.add_argument("--logs", type=Path, default=Path(".build/foreign"))
    options = parser.parse_args()
    groups = {
        "suites": [suite.package for suite in SUITES if not suite.is_long],
        "long": [suite.package for suite in SUITES if suite.is_long],
        "clients": list(CLIENTS),
    }
    options.what = [name for word in options.what for name in groups.get(word, [word])]
    if unknown := set(options.what) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(names)}")
    if bool(options.hub_url) == bool(options.hub_program):
        parser.error("either --hub-program or --hub-url")
    if options.hub_url and set(options.what) - set(CLIENTS):
        parser.error("on --hub-url only our scripts run: add `clients`")
    for name in ("hub_program", "environment", "sources", "logs"):
        if getattr(options, name):
            setattr(options, name, getattr(options, name).absolute())
    judged = unittest.TextTestRunner(stream=open(os.devnull, "w")).run(
        unittest.defaultTestLoader.loadTestsFromModule(test_verdict)
    )
    if not judged.wasSuccessful() or not judged.testsRun:
        print(f"the judge itself is wrong: {judged.failures + judged.errors}", file=sys.stderr)
        return 1
    try:
        return 0 if asyncio.run(run(options)) else 1
    except asyncio.CancelledError:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
