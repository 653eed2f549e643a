"""Runs the examples of docs/testing-with-the-simulators.md as they stand there.

    python3 Tests/Foreign/examples/run.py FOLDER_OF_THE_PROGRAMS

Needs pika and pytest. Each block whose fence names a file is written to that file; then the Python tests run, the shell
script, and the last step of the workflow. Exit status 0: all of them went well.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs/testing-with-the-simulators.md"
IMAGE = ROOT / "fixtures/images/good/png-rgb-8.png"


def blocks(text):
    """The files that the document holds, by name."""
    return dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def last_step(workflow):
    """What the workflow's last step runs."""
    step = workflow[workflow.rindex("- name: "):]
    assert step.startswith("- name: Test\n"), step
    return re.search(r"run: (.*)\n", step).group(1)


def main(programs):
    programs = pathlib.Path(programs).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = blocks(DOCUMENT.read_text())
        expected = {"image_client.py", "conftest.py", "test_image_client.py", "test_images.sh", "workflow.yml"}
        assert set(files) == expected, f"the document holds {sorted(files)}"
        for file, text in files.items():
            (folder / file).write_text(text)
        # The workflow makes its own environment; here the one that runs this is taken.
        (folder / ".venv/bin").mkdir(parents=True)
        python = folder / ".venv/bin/python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        environment = {
            **os.environ, "SIMULATORS": str(programs), "IMAGE_SERVICE": str(programs / "ImageService"),
            "PYTHONDONTWRITEBYTECODE": "1"}
        for title, command in [
            ("Python, by the workflow's last step", ["sh", "-ec", last_step(files["workflow.yml"])]),
            ("Shell", ["sh", "test_images.sh", str(IMAGE)]),
        ]:
            print(f"— {title}", flush=True)
            subprocess.run(command, cwd=folder, env=environment, check=True, timeout=300)


if __name__ == "__main__":
    main(*sys.argv[1:])
