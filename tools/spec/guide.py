"""docs/implementing-a-storage-service.md: its code blocks are the files of the example service, whole."""

import re

from . import ROOT

PATH = ROOT / "docs/implementing-a-storage-service.md"
FOLDER = ROOT / "examples/storage-service"
BLOCK = re.compile(r"^```(?:python|sh) (?P<file>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def written(guide):
    """The guide with the files as they are now."""

    def block(match):
        fence, file = match[0].split("\n")[0], match["file"]
        return f"{fence}\n{(FOLDER / file).read_text()}```" if (FOLDER / file).exists() else match[0]

    return BLOCK.sub(block, guide)


def check(guide):
    """Where the guide and the example service are not the same."""
    files = {path.name for path in FOLDER.iterdir() if path.is_file()}
    blocks = [match["file"] for match in BLOCK.finditer(guide)]
    yield from (f"implementing-a-storage-service.md: {file} is not in it" for file in sorted(files - set(blocks)))
    yield from (f"implementing-a-storage-service.md: there is no file {file}" for file in sorted(set(blocks) - files))
    yield from (f"implementing-a-storage-service.md: {file} is there twice" for file in sorted(files) if blocks.count(file) > 1)
    if written(guide) != guide:
        yield "implementing-a-storage-service.md: its files are out of date (tools/check_spec.py --write)"
