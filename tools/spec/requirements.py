"""spec/requirements.yaml: every sentence of the document, with whom it binds and what checks it.

`text` and `keyword` are the document's and are written by `--write`; so are `checks`, where the checker gives its list.
`subject`, `profile`, `tests` and `untestable` are written by hand.
"""

import json
import re

import yaml

from . import ROOT
from .document import sentences

PATH = ROOT / "spec/requirements.yaml"
SUBJECTS = ("storage_service", "image_service", "either")
PROFILES = ("core", "listing", "versions", "assets", "events", "discovery", "durability", "concurrency")
KEYS = ("id", "text", "keyword", "subject", "profile", "checks", "tests", "untestable")
HEADER = """\
# Every sentence of docs/protocol.md that binds somebody. `tools/check_spec.py --write` takes id, text and keyword from the
# document, and checks from the checker (spec/checks.json); the rest is written by hand:
#   subject     whom it binds: storage_service, image_service, either
#   profile     the part of the protocol that it belongs to (protocol.md, chapter 1)
#   checks      the checks of StorageConformance that look at it
#   tests       the tests of this repository that look at the Image Service's half of it: Suite/function
#   untestable  where neither can: why
"""


def load():
    if not PATH.exists():
        return []
    return yaml.safe_load(PATH.read_text())["requirements"]


def written(requirements):
    """The file's text. Written by hand, because a generic dump would break lines and quote at whim."""
    lines = [HEADER, "requirements:"]
    for requirement in requirements:
        lines.append(f"  - id: {requirement['id']}")
        lines.append(f"    text: {json.dumps(requirement['text'], ensure_ascii=False)}")
        for key in ("keyword", "subject", "profile"):
            lines.append(f"    {key}: {requirement[key]}")
        for key in ("checks", "tests"):
            values = requirement.get(key)
            if values:
                lines.append(f"    {key}:")
                lines += [f"      - {json.dumps(value, ensure_ascii=False) if ' ' in value else value}" for value in values]
        if requirement.get("untestable"):
            lines.append(f"    untestable: {json.dumps(requirement['untestable'], ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def renewed(requirements, document, checks):
    """The requirements with text and keyword of the document, in its order, and with the checker's checks.

    - Parameter checks: the checker's list, or None where there is none.
    """
    known = {requirement["id"]: requirement for requirement in requirements}
    by_requirement = {}
    for check in checks or []:
        for id in check["requirements"]:
            by_requirement.setdefault(id, []).append(check["id"])
    result = []
    for sentence in sentences(document):
        requirement = dict(known.get(sentence.id) or {"subject": "storage_service", "profile": "core"})
        requirement |= {"id": sentence.id, "text": sentence.text, "keyword": sentence.keyword}
        if checks is not None:
            requirement["checks"] = sorted(by_requirement.get(sentence.id, []))
            if requirement["checks"]:
                requirement.pop("untestable", None)
        result.append(requirement)
    return result


def check(requirements, document, checks):
    """Where the file and the document, the checker or the tests say different things."""
    in_document = {sentence.id: sentence for sentence in sentences(document)}
    ids = [requirement["id"] for requirement in requirements]
    for id in {id for id in ids if ids.count(id) > 1}:
        yield f"requirements.yaml: {id} is there twice"
    for id in in_document.keys() - set(ids):
        yield f"requirements.yaml: {id} of the document is missing"
    functions = test_functions()
    known_checks = {check["id"] for check in checks} if checks is not None else None
    for requirement in requirements:
        id = requirement["id"]
        yield from (f"requirements.yaml: {id}: unknown key {key}" for key in requirement.keys() - set(KEYS))
        sentence = in_document.get(id)
        if sentence is None:
            yield f"requirements.yaml: {id} is not in the document"
            continue
        if requirement.get("text") != sentence.text:
            yield f"requirements.yaml: {id}: its text is not the document's"
        if requirement.get("keyword") != sentence.keyword:
            yield f"requirements.yaml: {id}: its keyword is {requirement.get('keyword')}, the document's {sentence.keyword}"
        if requirement.get("subject") not in SUBJECTS:
            yield f"requirements.yaml: {id}: its subject is {requirement.get('subject')}"
        if requirement.get("profile") not in PROFILES:
            yield f"requirements.yaml: {id}: its profile is {requirement.get('profile')}"
        yield from check_evidence(requirement, known_checks, functions)
    if known_checks is not None:
        carried = {id for check in checks for id in check["requirements"]}
        yield from (f"the checker's {id} is no sentence of the document" for id in sorted(carried - in_document.keys()))


def check_evidence(requirement, known_checks, functions):
    """What is wrong with what a requirement says of its checks."""
    id, subject = requirement["id"], requirement.get("subject")
    checks, tests = requirement.get("checks") or [], requirement.get("tests") or []
    untestable = requirement.get("untestable")
    if known_checks is not None:
        yield from (f"requirements.yaml: {id}: there is no check {check}" for check in checks if check not in known_checks)
        if subject != "image_service" and not (checks or untestable or (subject == "either" and tests)):
            yield f"requirements.yaml: {id} has no check, and nothing says why"
    elif checks:
        yield f"requirements.yaml: {id} names checks, and there is no list of them (spec/checks.json)"
    yield from (f"requirements.yaml: {id}: there is no test {test}" for test in tests if test not in functions)
    if subject == "image_service" and not (tests or untestable):
        yield f"requirements.yaml: {id} has no test, and nothing says why"
    if untestable and (checks or tests):
        yield f"requirements.yaml: {id} is tested, and says that it cannot be"


def test_functions():
    """Every Swift test, as Suite/function."""
    functions = set()
    for path in (ROOT / "Tests").rglob("*.swift"):
        suite = None
        is_test = False
        for line in path.read_text().splitlines():
            if match := re.match(r"(?:@.* )?(?:final )?(?:package |public )?(?:struct|class|actor|extension) (\w+)", line):
                suite = match[1]
            if re.search(r"@Test\b", line):
                is_test = True
            if is_test and (match := re.search(r"\bfunc (?:(\w+)|`([^`]+)`)", line)):
                functions.add(f"{suite}/{match[1] or match[2]}")
                is_test = False
    return functions


def table(requirements):
    """Appendix A."""
    lines = ["| sentence | binds | profile | word | checked by |", "|---|---|---|---|---|"]
    for requirement in requirements:
        evidence = [f"`{name}`" for name in (requirement.get("checks") or []) + (requirement.get("tests") or [])]
        if requirement.get("untestable"):
            evidence = ["appendix B"]
        lines.append("| " + " | ".join([
            f"[{requirement['id']}](#{requirement['id']})", requirement["subject"], requirement["profile"],
            requirement["keyword"], " ".join(evidence)]) + " |")
    return "\n".join(lines)


def untestable_table(requirements):
    """Appendix B."""
    lines = ["| sentence | why |", "|---|---|"]
    lines += [
        f"| [{requirement['id']}](#{requirement['id']}) | {requirement['untestable']} |"
        for requirement in requirements if requirement.get("untestable")]
    return "\n".join(lines)
