"""spec/asyncapi.yaml: AsyncAPI 3.1, as far as this project uses it, told strictly."""

import json
import pathlib

import yaml
from jsonschema import Draft202012Validator

from . import ROOT
from .document import ID
from .schemas import check_references

PATH = ROOT / "spec/asyncapi.yaml"
SCHEMA = pathlib.Path(__file__).with_name("asyncapi.schema.json")


def check(schemas, ids, text=None):
    """What is wrong with the description.

    - Parameter ids: of all sentences.
    - Parameter text: instead of the file's.
    """
    text = text or PATH.read_text()
    description = yaml.safe_load(text)
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    for error in Draft202012Validator(schema).iter_errors(description):
        yield f"asyncapi.yaml: {error.json_path}: {error.message[:200]}"
    yield from check_references("asyncapi.yaml", description, schemas)
    yield from (f"asyncapi.yaml: there is no sentence {id}" for id in ID.findall(text) if id not in ids)
    yield from check_operations(description)


def check_operations(description):
    """What no schema can say: the messages of an operation are those of its channel (AsyncAPI 3.1, Operation Object)."""
    for name, operation in description.get("operations", {}).items():
        for part, place in [(operation, name), (operation.get("reply"), f"{name}.reply")]:
            if not part:
                continue
            channel = part["channel"]["$ref"]
            for message in part.get("messages", []):
                if not message["$ref"].startswith(f"{channel}/messages/"):
                    yield f"asyncapi.yaml: {place}: {message['$ref']} is no message of its channel"
    used = {
        message["$ref"].rpartition("/")[2]
        for channel in description.get("channels", {}).values() for message in channel["messages"].values()}
    for name in description.get("components", {}).get("messages", {}).keys() - used:
        yield f"asyncapi.yaml: the message {name} is on no channel"
