#!/usr/bin/env python3
"""Writes fixtures/amqp/pika.frames: every method, and a content header with every property, as pika encodes them.

    python3 -m venv VENV && VENV/bin/pip install pika==1.4.4
    VENV/bin/python tools/amqp_pika_frames.py

Pika is an AMQP client that shares no code with this project, so its octets are a second opinion on ours. A frame is
written as hexadecimal octets and, after `=`, the line that tracing must show for it.
"""
import datetime
import decimal
import inspect
import json
import pathlib

import pika
from pika import spec
from pika.frame import Header, Method

ROOT = pathlib.Path(__file__).resolve().parent.parent
ATTRIBUTES = {"no-wait": "nowait", "global": "global_qos"}
TABLE = {
    "text": "é", "octets": b"\xff\x00", "yes": True, "int": -2, "long": 1 << 40, "none": None,
    "price": decimal.Decimal("3.14"), "when": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    "list": [1, "two", {"three": 3}], "inner": {"a": "b"},
}
TABLE_LINE = ('{text: "é", octets: <2 octets>, yes: true, int: -2, long: 1099511627776, none: void,'
              ' price: 314e-2, when: @1767323045, list: [1, "two", {three: 3}], inner: {a: "b"}}')


def sample(field, seed):
    """A value for the field, and how a trace shows it."""
    name, kind = field["name"], field["type"]
    match kind:
        case "bit":
            on = seed % 2 == 0
            return on, f" {name}" if on else ""
        case "octet" | "short" | "long" | "longlong":
            value = {"octet": 0xA1, "short": 0xA1B2, "long": 0xA1B2C3D4, "longlong": 0x21B2C3D4E5F60718}[kind] + seed
            return value, f" {name}={value}"
        case "shortstr":
            return f"{name} {seed}", f' {name}="{name} {seed}"'
        case "longstr":
            text = f"long {name}"
            # What may hold a credential is traced by its size alone.
            shown = f'"{text}"' if name in ("mechanisms", "locales") else f"<{len(text)} octets>"
            return text, f" {name}={shown}"
        case "table":
            return TABLE, f" {name}={TABLE_LINE}"


def pascal(name):
    return "".join(part.capitalize() for part in name.split("-"))


def main():
    table = json.loads((ROOT / "fixtures/amqp/amqp-0-9-1.json").read_text())
    lines = [f"# Made by tools/amqp_pika_frames.py with pika {pika.__version__}."]
    for owner in table["classes"]:
        for record in owner["methods"]:
            known = getattr(getattr(spec, pascal(owner["name"]), None), pascal(record["name"]), None)
            if known is None:
                lines.append(f"# pika lacks {owner['name']}.{record['name']}")
                continue
            required = [each.name for each in inspect.signature(known).parameters.values() if each.default is each.empty]
            method, line = known(**dict.fromkeys(required)), f"7 method {owner['name']}.{record['name']}"
            for seed, field in enumerate(record["fields"]):
                if field.get("reserved"):
                    continue
                attribute = ATTRIBUTES.get(field["name"], field["name"].replace("-", "_"))
                assert hasattr(method, attribute), (owner["name"], record["name"], attribute)
                value, shown = sample(field, seed)
                setattr(method, attribute, value)
                line += shown
            lines += [Method(7, method).marshal().hex(), f"= {line}"]
    properties, line = spec.BasicProperties(), "7 header basic body-size=1234567890123"
    for seed, field in enumerate(table["properties"]):
        name = {"reserved": "cluster-id"}.get(field["name"], field["name"])
        value, shown = sample({"name": name, "type": field["type"].replace("timestamp", "longlong")}, seed)
        setattr(properties, name.replace("-", "_"), value)
        line += shown
    lines += [Header(7, 1234567890123, properties).marshal().hex(), f"= {line}"]
    (ROOT / "fixtures/amqp/pika.frames").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
