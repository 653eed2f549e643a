"""fixtures/messages: right and wrong messages, held to the schemas and tied to the sentences that they show."""

import json

from . import ROOT, schemas as schema_files

FOLDER = ROOT / "fixtures/messages"
KINDS = ("request", "reply", "event", "announcement", "query")


def load():
    return {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def check(fixtures, schemas, ids):
    """Where schemas and messages disagree, and which messages show no sentence.

    - Parameter ids: of all sentences.
    """
    validators = {kind: schema_files.validator(schemas, f"{kind}.schema.json") for kind in KINDS}
    data_validators = {
        operation: schema_files.validator(schemas, f"reply-data.schema.json#/$defs/{operation}")
        for operation in schemas["reply-data.schema.json"]["$defs"]}
    seen = set()
    for name, fixture in fixtures.items():
        kind, message = fixture["kind"], fixture["message"]
        should_be_valid = fixture.get("by_schema", "problems" not in fixture)
        seen.add((kind, should_be_valid))
        errors = list(validators[kind].iter_errors(message))
        if kind == "reply" and isinstance(message, dict) and message.get("status") == "success" and "operation" in fixture:
            errors += data_validators[fixture["operation"]].iter_errors(message.get("data"))
        if should_be_valid and errors:
            yield f"{name}: {errors[0].json_path}: {errors[0].message[:200]}"
        if not should_be_valid and not errors:
            yield f"{name}: breaks the protocol, and its schema does not see it"
        if not fixture.get("requirements"):
            yield f"{name}: shows no sentence (requirements)"
        yield from (f"{name}: there is no sentence {id}" for id in fixture.get("requirements", []) if id not in ids)
    for kind in KINDS:
        for is_valid in (True, False):
            if (kind, is_valid) not in seen:
                yield f"no {'valid' if is_valid else 'invalid'} {kind} among the fixtures"


def table(fixtures):
    """Appendix C: the sentences that messages show, with the messages."""
    shown = {}
    for name, fixture in fixtures.items():
        for id in fixture.get("requirements", []):
            shown.setdefault(id, ([], []))["problems" in fixture or fixture.get("by_schema") is False].append(name)
    lines = ["| sentence | kept by | broken by |", "|---|---|---|"]
    for id in sorted(shown):
        kept, broken = (", ".join(f"`{name[:-5]}`" for name in names) for names in shown[id])
        lines.append(f"| [{id}](#{id}) | {kept} | {broken} |")
    return "\n".join(lines)
