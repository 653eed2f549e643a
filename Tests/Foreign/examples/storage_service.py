"""Grows the example service of docs/implementing-a-storage-service.md, and has the checker look at each step.

    python3 Tests/Foreign/examples/storage_service.py FOLDER_OF_THE_PROGRAMS

Needs pika. Exit status 0: every step is green, and nothing was left unchecked.
"""

import json
import os
import pathlib
import shlex
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "examples/storage-service"
# In the order of the guide; each step is checked with all profiles so far.
STEPS = ["core", "listing", "assets", "versions", "events", "discovery"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(program, profiles, modules, restart_signal=None):
    """One run of the checker, with the service of the given modules; its results by outcome.

    With `restart_signal` the checker may restart the service, by this signal.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, port, hub_port = pathlib.Path(name), free_port(), free_port()
        environment = {
            **os.environ, "STATE_FOLDER": name, "PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [
            program, "--hub-listen", f"127.0.0.1:{hub_port}", "--junit", folder / "report.xml", "--json",
            folder / "report.json"]
        for profile in profiles:
            command += ["--profile", profile]
        if "assets" in modules:
            command += ["--storage", f"http://127.0.0.1:{port}"]
        hub = f"amqp://guest:guest@127.0.0.1:{hub_port}/%2F"
        start = ["sh", str(FOLDER / "restart.sh"), "--hub", hub, "--port", str(port), *modules]
        if restart_signal:
            environment["SIGNAL"] = restart_signal
            command += ["--restart-command", shlex.join(start)]
        try:
            # It tries until the hub is there.
            subprocess.run(start, env=environment, check=True, timeout=60)
            checker = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, timeout=300)
        finally:
            subprocess.run(["sh", "-c", f"kill -KILL $(cat {folder}/service.pid)"], check=False)
        if checker.returncode != 0:
            print(checker.stdout, (folder / "service.log").read_text(), sep="\n", file=sys.stderr)
            raise SystemExit(f"{' '.join(profiles)}: the checker ended with {checker.returncode}")
        return outcomes(folder / "report.xml", folder / "report.json")


def outcomes(junit, report):
    """The numbers of the report, which its two forms tell alike."""
    suites = xml.etree.ElementTree.parse(junit).getroot()
    cases = list(suites.iter("testcase"))
    assert not [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    results = json.loads(report.read_text())["checks"]
    assert len(results) == len(cases), f"{len(results)} results, {len(cases)} cases"
    numbers = {}
    for result in results:
        numbers[result["outcome"]] = numbers.get(result["outcome"], 0) + 1
        if result["outcome"] == "warn":
            print(f"warn {result['id']}: {result['message']}", flush=True)
    return numbers


def main(programs):
    program = pathlib.Path(programs).resolve() / "StorageConformance"
    listed = subprocess.run([program, "--list"], stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
    checks = [line.split("\t") for line in listed.splitlines()]
    committed = json.loads((ROOT / "spec/checks.json").read_text())["checks"]
    assert [[check["id"], check["profile"], " ".join(check["requirements"])] for check in committed] == [
        check[:3] for check in checks], "spec/checks.json is out of date"
    # The checks of `core` ask for lists, too, so the first green is that of both.
    runs = [(STEPS[:count], STEPS[1:count], None) for count in range(2, len(STEPS) + 1)]
    runs.append(([*STEPS, "concurrency", "durability"], STEPS[1:], "TERM"))
    runs.append((["durability"], STEPS[1:], "KILL"))
    for profiles, modules, restart_signal in runs:
        numbers = check(program, profiles, modules, restart_signal)
        print(f"— {' '.join(profiles)}: {numbers}", flush=True)
        assert numbers.get("pass", 0) >= 3 * len(profiles), "hardly anything was checked"
        # So small a service may leave a SHOULD undone, and the checker says which.
        assert set(numbers) <= {"pass", "warn", "not_applicable"} and numbers.get("warn", 0) <= 2, numbers


if __name__ == "__main__":
    main(*sys.argv[1:])
