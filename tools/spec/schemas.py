"""spec/schemas: the JSON Schemas 2020-12 of the messages."""

import json
import pathlib

from jsonschema import Draft202012Validator

from . import ROOT

FOLDER = ROOT / "spec/schemas"


def load():
    return {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


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


def check(schemas):
    """What is wrong with the schemas by themselves."""
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        if schema.get("$schema") != Draft202012Validator.META_SCHEMA["$id"]:
            yield f"{name}: its $schema is {schema.get('$schema')}"
        if schema.get("$id") != name:
            yield f"{name}: its $id is {schema.get('$id')}"
        yield from check_references(name, schema, schemas)


def validator(schemas, reference):
    """A validator for `file#/pointer`.

    All schemas are put into one, because how schemas find each other is the one thing that releases of jsonschema do
    differently.
    """
    bundle = {name: localized(schema, name) for name, schema in schemas.items()}
    return Draft202012Validator({"$ref": local(reference, None), "$defs": bundle})


def localized(node, name):
    """A schema of the file `name`, with its references led into the bundle."""
    if isinstance(node, dict):
        return {
            key: local(value, name) if key == "$ref" else localized(value, name)
            for key, value in node.items() if key not in ("$id", "$schema")}
    return [localized(value, name) for value in node] if isinstance(node, list) else node


def local(reference, name):
    file, _, pointer = reference.partition("#")
    return f"#/$defs/{file or name}{pointer}"
