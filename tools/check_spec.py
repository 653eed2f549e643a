#!/usr/bin/env python3
"""Holds the machine-readable protocol to itself and to the messages of fixtures/messages.

    python3 tools/check_spec.py        # needs jsonschema and PyYAML (tools/spec-requirements.txt)

- every file of spec/schemas is a JSON Schema 2020-12, and every reference in it and in spec/asyncapi.yaml leads somewhere;
- a message without `problems` is valid by its schema, one with `problems` is not (`by_schema: false`: a reader takes it
  all the same, although it breaks the protocol);
- every schema of a message has examples of both sorts.
"""

import json
import pathlib
import sys

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = ("request", "reply", "event", "announcement", "query")


def load_schemas():
    return {path.name: json.loads(path.read_text()) for path in sorted((ROOT / "spec/schemas").glob("*.json"))}


def references(node, place=""):
    """Every `$ref` under a node, with where it stands."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value, place
            else:
                yield from references(value, f"{place}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from references(value, f"{place}/{index}")


def lookup(document, pointer):
    """What a JSON pointer (RFC 6901) points to; KeyError, IndexError or ValueError where it points nowhere."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def check_references(name, document, documents):
    for reference, place in references(document):
        file, _, pointer = reference.partition("#")
        target = document if not file else documents.get(pathlib.PurePath(file).name)
        try:
            if target is None:
                raise KeyError(file)
            lookup(target, pointer)
        except (KeyError, IndexError, ValueError):
            yield f"{name}{place}: {reference} leads nowhere"


def errors_of(fixture, registry):
    """What the schemas have against a fixture's message."""

    def against(reference, instance):
        return list(Draft202012Validator({"$ref": reference}, registry=registry).iter_errors(instance))

    message, kind = fixture["message"], fixture["kind"]
    errors = against(f"{kind}.schema.json", message)
    is_success = isinstance(message, dict) and message.get("status") == "success"
    if kind == "reply" and is_success and "operation" in fixture:
        errors += against(f"reply-data.schema.json#/$defs/{fixture['operation']}", message.get("data"))
    return errors


def check_fixtures(registry):
    seen = set()
    for path in sorted((ROOT / "fixtures/messages").glob("*.json")):
        fixture = json.loads(path.read_text())
        should_be_valid = fixture.get("by_schema", "problems" not in fixture)
        errors = errors_of(fixture, registry)
        seen.add((fixture["kind"], should_be_valid))
        if should_be_valid and errors:
            yield f"{path.name}: {errors[0].json_path}: {errors[0].message[:200]}"
        if not should_be_valid and not errors:
            yield f"{path.name}: breaks the protocol, and its schema does not see it"
    for kind in KINDS:
        for is_valid in (True, False):
            if (kind, is_valid) not in seen:
                yield f"no {'valid' if is_valid else 'invalid'} {kind} among the fixtures"


def main():
    schemas = load_schemas()
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    registry = Registry().with_resources([(name, Resource.from_contents(schema)) for name, schema in schemas.items()])
    problems = []
    for name, schema in schemas.items():
        if schema.get("$id") != name:
            problems.append(f"{name}: its $id is {schema.get('$id')}")
        problems += check_references(name, schema, schemas)
    asyncapi = yaml.safe_load((ROOT / "spec/asyncapi.yaml").read_text())
    problems += check_references("asyncapi.yaml", asyncapi, schemas)
    problems += check_fixtures(registry)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(schemas)} schemas, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
