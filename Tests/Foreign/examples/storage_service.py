"""Grows the example service of docs/implementing-a-storage-service.md, and has the checker look at each step.

    python3 Tests/Foreign/examples/storage_service.py FOLDER_OF_THE_PROGRAMS

Needs pika. Exit status 0: every step is green, and nothing was left unchecked.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "examples/storage-service"
# In the order of the guide; each step is checked with all profiles so far.
STEPS = ["core", "listing", "versions", "assets", "events", "discovery"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(program, profiles, modules, restart_signal=None):
    """One run of the checker, with the service of the given modules; its results by outcome.

    With `restart_signal` the checker may restart the service, by this signal.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, port = pathlib.Path(name), free_port()
        environment = {
            **os.environ, "STATE_FOLDER": name, "PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [program, "--hub-listen", "127.0.0.1:0", "--junit", folder / "report.xml", "--json", folder / "report.json"]
        for profile in profiles:
            command += ["--profile", profile]
        if "assets" in modules:
            command += ["--storage", f"http://127.0.0.1:{port}"]
        start = [str(FOLDER / "restart.sh"), "--port", str(port), *modules]
        if restart_signal:
            environment["SIGNAL"] = restart_signal
            # The hub's address is known only once the checker has started, so the command takes it from a file.
            (folder / "restart").write_text(f'exec sh {start[0]} --hub "$(cat {folder / "hub"})" {" ".join(start[1:])}\n')
            command += ["--restart-command", f"sh {folder / 'restart'}"]
        checker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        try:
            # The first line says where the hub is.
            hub = checker.stdout.readline().removeprefix("hub: ").strip()
            assert hub.startswith("amqp://"), hub
            (folder / "hub").write_text(hub)
            subprocess.run(["sh", start[0], "--hub", hub, *start[1:]], env=environment, check=True, timeout=60)
            output = hub + "\n" + checker.communicate(timeout=300)[0]
        finally:
            checker.kill()
            subprocess.run(["sh", "-c", f"kill -KILL $(cat {folder}/service.pid) 2>/dev/null"], check=False)
        if checker.returncode != 0:
            print(output, (folder / "service.log").read_text(), sep="\n", file=sys.stderr)
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
    return numbers


def main(programs):
    program = pathlib.Path(programs).resolve() / "StorageConformance"
    listed = subprocess.run([program, "--list"], stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
    checks = [line.split("\t") for line in listed.splitlines()]
    committed = json.loads((ROOT / "spec/checks.json").read_text())["checks"]
    assert [[check["id"], check["profile"], " ".join(check["requirements"])] for check in committed] == [
        check[:3] for check in checks], "spec/checks.json is out of date: tools/check_spec.py --checks PROGRAM"
    runs = [(STEPS[:count], STEPS[1:count], None) for count in range(1, len(STEPS) + 1)]
    runs.append(([*STEPS, "concurrency", "durability"], STEPS[1:], "TERM"))
    runs.append((["durability"], STEPS[1:], "KILL"))
    for profiles, modules, restart_signal in runs:
        numbers = check(program, profiles, modules, restart_signal)
        print(f"— {' '.join(profiles)}: {numbers}", flush=True)
        assert numbers.get("pass", 0) >= 3 * len(profiles), "hardly anything was checked"
        assert set(numbers) <= {"pass", "not_applicable"}, numbers


if __name__ == "__main__":
    main(*sys.argv[1:])
