#!/usr/bin/env python3
"""Holds the protocol's document, its machine-readable halves and its example messages to each other.

    tools/check_spec.py            # says what is wrong; exit status 1 where anything is
    tools/check_spec.py --write    # first writes what follows from the rest

- docs/protocol.md: ids are unique, every sentence has exactly one keyword, no keyword stands outside of a sentence;
- spec/requirements.yaml: every sentence, its text and keyword equal to the document's, with checks or tests that exist;
- spec/schemas: JSON Schemas 2020-12, whose references lead somewhere; spec/asyncapi.yaml: AsyncAPI 3.1;
- fixtures/messages: right ones are valid by their schema, wrong ones are not (`by_schema: false`: a reader takes it all
  the same, although it breaks the protocol), and each is tied to a sentence;
- docs/implementing-a-storage-service.md: its code is that of examples/storage-service.

`--write` takes text and keyword from the document into the requirements, the checks from spec/checks.json (which
a test of the checker holds to be its own), and writes
the document's anchors and appendices, and the guide's code. Needs Debian's python3-yaml and python3-jsonschema (`make check-spec` installs them).
"""

import json
import sys

from spec import ROOT, asyncapi, document, guide, messages, requirements, schemas

CHECKS = ROOT / "spec/checks.json"


def load_checks():
    """The checker's list, `[{"id", "requirements": […]}]`; None where there is no checker yet."""
    return json.loads(CHECKS.read_text())["checks"] if CHECKS.exists() else None


def written(text, listed, fixtures):
    """The document with its anchors and appendices."""
    text = document.with_anchors(text)
    text = document.with_appendix(text, "A", requirements.table(listed))
    text = document.with_appendix(text, "B", requirements.untestable_table(listed))
    return document.with_appendix(text, "C", messages.table(fixtures))


def main(arguments):
    if arguments not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 64
    checks, fixtures = load_checks(), messages.load()
    text = document.PATH.read_text()
    listed = requirements.load()
    if arguments == ["--write"]:
        listed = requirements.renewed(listed, text, checks)
        requirements.PATH.write_text(requirements.written(listed))
        text = written(text, listed, fixtures)
        document.PATH.write_text(text)
        guide.PATH.write_text(guide.written(guide.PATH.read_text()))
    ids = {sentence.id for sentence in document.sentences(text)}
    known_schemas = schemas.load()
    problems = [
        *document.check(text), *requirements.check(listed, text, checks), *schemas.check(known_schemas),
        *asyncapi.check(known_schemas, ids), *messages.check(fixtures, known_schemas, ids),
        *guide.check(guide.PATH.read_text())]
    if not problems and written(text, listed, fixtures) != text:
        problems.append("protocol.md: its appendices are out of date (tools/check_spec.py --write)")
    if not problems and requirements.written(listed) != requirements.PATH.read_text():
        problems.append("requirements.yaml: it is not as --write writes it")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(ids)} sentences, {len(known_schemas)} schemas, {len(fixtures)} messages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
