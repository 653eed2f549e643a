#!/usr/bin/env python3
"""AMQP 0-9-1 as RabbitMQ speaks it: specification XML -> JSON -> Swift.

    tools/amqp_spec.py extract [XML]   writes fixtures/amqp/amqp-0-9-1.json
    tools/amqp_spec.py generate        writes Sources/AMQP/Method/Generated/*.swift
    tools/amqp_spec.py check           exits 1 if the Swift files are not what the JSON gives

`extract` needs Debian's package amqp-specs (or the path of its 0-9-1-rabbit XML); the other two need only the JSON.
Swift goes through `swift format`.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
XML = "/usr/share/amqp/specs/0-9-1-rabbit/amqp0-9-1.stripped.extended.xml"
JSON = ROOT / "fixtures/amqp/amqp-0-9-1.json"
SWIFT = ROOT / "Sources/AMQP/Method/Generated"


def field(name, type, reserved=False):
    return {"name": name, "type": type} | ({"reserved": True} if reserved else {})


def method(id, name, sent_by, fields, synchronous=False, responses=()):
    return {
        "id": id, "name": name, "sent_by": sent_by, "synchronous": synchronous, "content": False,
        "responses": list(responses), "fields": fields, "origin": "rabbitmq",
    }


# What RabbitMQ speaks and the XML lacks. Facts from RabbitMQ's documentation of its protocol extensions.
ADDED_METHODS = {
    "connection": [
        method(60, "blocked", ["server"], [field("reason", "shortstr")]),
        method(61, "unblocked", ["server"], []),
        method(70, "update-secret", ["client"], [field("new-secret", "longstr"), field("reason", "shortstr")],
               True, ["update-secret-ok"]),
        method(71, "update-secret-ok", ["server"], [], True),
    ],
}
# 0-9-1 dropped the class; RabbitMQ still answers it for clients of 0-8 and 0-9.
ADDED_CLASSES = [
    {"id": 30, "name": "access", "methods": [
        method(10, "request", ["client"], [
            field("realm", "shortstr"), field("exclusive", "bit"), field("passive", "bit"),
            field("active", "bit"), field("write", "bit"), field("read", "bit")], True, ["request-ok"]),
        method(11, "request-ok", ["server"], [field("ticket", "short")], True),
    ]},
]
# What the extended XML adds to the standard's XML, by its own account.
RABBITMQ_METHODS = {"exchange.bind", "exchange.bind-ok", "exchange.unbind", "exchange.unbind-ok", "basic.nack",
                    "confirm.select", "confirm.select-ok"}


def extract(path):
    root = ElementTree.parse(path).getroot()
    domains = {domain.get("name"): domain.get("type") for domain in root.iter("domain")}

    def read_field(node):
        return field(node.get("name"), domains[node.get("domain") or node.get("type")], node.get("reserved") == "1")

    classes = []
    properties = []
    for node in root.iter("class"):
        name = node.get("name")
        methods = []
        for child in node.findall("method"):
            # The chassis that implements a method is the one that receives it.
            receivers = {chassis.get("name") for chassis in child.findall("chassis")}
            full_name = f"{name}.{child.get('name')}"
            methods.append({
                "id": int(child.get("index")), "name": child.get("name"),
                "sent_by": [side for side, receiver in (("client", "server"), ("server", "client"))
                            if receiver in receivers],
                "synchronous": child.get("synchronous") == "1", "content": child.get("content") == "1",
                "responses": [response.get("name") for response in child.findall("response")],
                "fields": [read_field(each) for each in child.findall("field")],
                "origin": "rabbitmq" if full_name in RABBITMQ_METHODS else "0-9-1",
            })
        methods = sorted(methods + ADDED_METHODS.get(name, []), key=lambda each: each["id"])
        classes.append({"id": int(node.get("index")), "name": name, "methods": methods})
        properties += [read_field(each) for each in node.findall("field")]
    classes = sorted(classes + ADDED_CLASSES, key=lambda each: each["id"])
    constants = [{"name": node.get("name"), "value": int(node.get("value"))}
                 | ({"class": node.get("class")} if node.get("class") else {}) for node in root.iter("constant")]
    # One line a record: small to read, small to compare.
    lines = ["{", '"source": "amqp-specs (Debian), 0-9-1-rabbit XML, with the additions in tools/amqp_spec.py",',
             '"constants": [', ",\n".join(json.dumps(each) for each in constants), "],",
             '"properties": [', ",\n".join(json.dumps(each) for each in properties), "],", '"classes": [']
    blocks = []
    for each in classes:
        head = f'{{"id": {each["id"]}, "name": "{each["name"]}", "methods": [\n'
        blocks.append(head + ",\n".join(json.dumps(one) for one in each["methods"]) + "\n]}")
    lines += [",\n".join(blocks), "]", "}"]
    JSON.write_text("\n".join(lines) + "\n")


METHOD_DOCS = {
    "connection.start": "opens the negotiation: what the server is and how one may log in",
    "connection.start-ok": "chooses mechanism and locale, and says what the client is",
    "connection.secure": "asks for more, where the mechanism takes several steps",
    "connection.secure-ok": "answers the challenge",
    "connection.tune": "proposes limits; 0 means none",
    "connection.tune-ok": "settles the limits, none above what was proposed",
    "connection.open": "chooses the virtual host",
    "connection.open-ok": "the connection is ready",
    "connection.close": "says why this side wants to close; nothing but `close-ok` may follow",
    "connection.close-ok": "the socket may be closed",
    "connection.blocked": "publishing is throttled; only for clients with the capability `connection.blocked`",
    "connection.unblocked": "publishing goes on",
    "connection.update-secret": "replaces a credential that is about to expire",
    "connection.update-secret-ok": "the new credential holds",
    "channel.open": "opens the channel of the frame's number",
    "channel.open-ok": "the channel is ready",
    "channel.flow": "asks the other side to stop or restart sending content",
    "channel.flow-ok": "confirms what `flow` asked for",
    "channel.close": "says why this side wants to close the channel",
    "channel.close-ok": "the channel's number is free",
    "access.request": "asks for an access ticket; kept for clients of 0-8 and 0-9",
    "access.request-ok": "gives a ticket that nobody looks at",
    "exchange.declare": "creates an exchange, or verifies that it is as described",
    "exchange.declare-ok": "the exchange is there",
    "exchange.delete": "deletes an exchange",
    "exchange.delete-ok": "the exchange is gone",
    "exchange.bind": "routes from one exchange to another",
    "exchange.bind-ok": "the binding is there",
    "exchange.unbind": "removes a route between exchanges",
    "exchange.unbind-ok": "the binding is gone (51, not 41: an old slip that became the standard)",
    "queue.declare": "creates a queue, or verifies that it is as described",
    "queue.declare-ok": "the queue is there",
    "queue.bind": "routes from an exchange to a queue",
    "queue.bind-ok": "the binding is there",
    "queue.unbind": "removes a route to a queue; it has no `no-wait`",
    "queue.unbind-ok": "the binding is gone",
    "queue.purge": "drops every message that is ready",
    "queue.purge-ok": "the messages are gone",
    "queue.delete": "deletes a queue",
    "queue.delete-ok": "the queue is gone",
    "basic.qos": "limits how much may be delivered without acknowledgement",
    "basic.qos-ok": "the limit holds",
    "basic.consume": "starts a consumer",
    "basic.consume-ok": "the consumer is there",
    "basic.cancel": "ends a consumer; from the server, only for clients with `consumer_cancel_notify`",
    "basic.cancel-ok": "the consumer is gone",
    "basic.publish": "brings a message",
    "basic.return": "brings back a message that was mandatory and could not be routed",
    "basic.deliver": "brings a message to a consumer",
    "basic.get": "asks for one message",
    "basic.get-ok": "brings that message",
    "basic.get-empty": "the queue had none",
    "basic.ack": "acknowledges deliveries or, from the server, confirms publishes",
    "basic.reject": "refuses one delivery",
    "basic.recover-async": "as `recover`, unanswered; deprecated",
    "basic.recover": "asks for everything unacknowledged to be delivered again",
    "basic.recover-ok": "redelivery is under way",
    "basic.nack": "refuses deliveries or, from the server, publishes",
    "confirm.select": "puts the channel into confirm mode",
    "confirm.select-ok": "the channel confirms",
    "tx.select": "puts the channel into transaction mode",
    "tx.select-ok": "the channel has transactions",
    "tx.commit": "commits, and begins anew",
    "tx.commit-ok": "the commit is done",
    "tx.rollback": "abandons, and begins anew",
    "tx.rollback-ok": "the rollback is done",
}
FIELD_DOCS = {
    "version-major": "0.", "version-minor": "9.",
    "server-properties": "Product, version, `capabilities`.",
    "client-properties": "Product, version, `capabilities`.",
    "mechanisms": "SASL mechanisms, separated by spaces.",
    "locales": "Locales, separated by spaces.",
    "mechanism": "The SASL mechanism chosen.",
    "response": "What the mechanism sends; a secret.",
    "locale": "The locale chosen.",
    "challenge": "What the mechanism asks.",
    "channel-max": "The highest channel number; 0 = no limit.",
    "frame-max": "The largest frame in octets, its 8 of overhead included; 0 = no limit.",
    "heartbeat": "Seconds between heartbeats; 0 = none.",
    "virtual-host": "The virtual host, such as `/`.",
    "reply-code": "A number of ``ReplyCode``, or one that it does not know.",
    "reply-text": "The reason, for people.",
    "class-id": "The class of the method that was the cause, or 0.",
    "method-id": "The method that was the cause, or 0.",
    "reason": "The reason, for people.",
    "new-secret": "The new credential.",
    "active": "Whether content may be sent.",
    "realm": "Ignored.", "ticket": "Ignored.", "write": "Ignored.", "read": "Ignored.",
    "exchange": "The exchange; empty is the default exchange.",
    "type": "`direct`, `fanout`, `topic`, `headers` or a plugin's.",
    "passive": "Only verify that it exists.",
    "durable": "It survives a restart.",
    "auto-delete": "It goes when its last user has gone.",
    "internal": "Clients may not publish to it.",
    "exclusive": "Only this connection (a queue) or this consumer may use it.",
    "no-wait": "No answer is wanted.", "nowait": "No answer is wanted.",
    "arguments": "Arguments such as `x-message-ttl`.",
    "if-unused": "Only when nobody uses it.",
    "if-empty": "Only when it has no messages.",
    "destination": "The exchange that receives.",
    "source": "The exchange that gives.",
    "routing-key": "The routing key.",
    "queue": "The queue; empty is the last that the channel declared, or in `declare` one that the server names.",
    "message-count": "How many messages: ready, purged, deleted or left.",
    "consumer-count": "How many consumers it has.",
    "prefetch-size": "Octets; RabbitMQ takes 0 only.",
    "prefetch-count": "Deliveries; 0 = no limit.",
    "global": "For the channel as a whole; else for each consumer to come (RabbitMQ's meaning).",
    "consumer-tag": "The consumer; unique in its channel.",
    "no-local": "Not what this connection published; RabbitMQ ignores it.",
    "no-ack": "Deliveries count as acknowledged.",
    "mandatory": "Return it if it reaches no queue.",
    "immediate": "Return it if no consumer is ready; RabbitMQ refuses it.",
    "delivery-tag": "The delivery (or publish), counted from 1 in its channel; with `multiple`, 0 = all so far.",
    "redelivered": "It was delivered before.",
    "multiple": "All up to and including this one.",
    "requeue": "Put it back instead of dropping or dead-lettering it.",
}
KEYWORDS = {"internal"}
# Long strings that are text by definition. The others hold what a mechanism likes, and stay octets.
TEXT_FIELDS = {"mechanisms", "locales"}
READERS = {"octet": "octet", "short": "short", "long": "long", "longlong": "longLong", "table": "table",
           "shortstr": "shortString"}
SWIFT_TYPES = {"bit": "Bool", "octet": "UInt8", "short": "UInt16", "long": "UInt32", "longlong": "UInt64",
               "shortstr": "String", "table": "FieldTable"}
FIELD_TYPES = {"bit": "bit", "octet": "octet", "short": "short", "long": "long", "longlong": "longLong",
               "shortstr": "shortString", "longstr": "longString", "table": "table"}
DEFAULTS = {"Bool": "false", "UInt8": "0", "UInt16": "0", "UInt32": "0", "UInt64": "0", "String": '""',
            "FieldTable": "[:]", "[UInt8]": "[]"}
# Without these a method says nothing, so they have no default.
REQUIRED = {"reply-code", "reply-text", "delivery-tag", "mechanisms", "mechanism", "response", "virtual-host",
            "challenge", "new-secret", "channel-max", "frame-max", "heartbeat", "version-major", "version-minor",
            "active", "consumer-tag", "message-count", "consumer-count"}
# consume may leave the tag to the server.
OPTIONAL = {("basic.consume", "consumer-tag")}


def camel(name):
    words = {"id": "ID"}
    parts = name.split("-")
    joined = parts[0] + "".join(words.get(part, part.capitalize()) for part in parts[1:])
    return {"nowait": "noWait", "global": "isGlobal"}.get(joined, joined)


def quoted(name):
    return f"`{name}`" if name in KEYWORDS else name


class Method:
    def __init__(self, owner, record):
        self.record = record
        self.class_id, self.id = owner["id"], record["id"]
        self.name = f"{owner['name']}.{record['name']}"
        self.case = camel(f"{owner['name']}-{record['name']}")
        self.type = self.case[0].upper() + self.case[1:]
        self.fields = [Field(self, each) for each in record["fields"]]
        self.visible = [each for each in self.fields if not each.reserved]
        self.packed = f"0x{self.class_id:04X}_{self.id:04X}"
        sides = {"client": "the client", "server": "the server"}
        self.doc = (f"`{self.name}` ({self.class_id}, {self.id}), from "
                    f"{' or '.join(sides[side] for side in record['sent_by'])}: {METHOD_DOCS[self.name]}.")


class Field:
    def __init__(self, owner, record):
        self.wire, self.type = record["name"], record["type"]
        self.reserved = record.get("reserved", False)
        self.name = camel(self.wire)
        self.text = self.wire in TEXT_FIELDS
        self.swift = "String" if self.text else SWIFT_TYPES.get(self.type, "[UInt8]")
        required = self.wire in REQUIRED and (owner.name, self.wire) not in OPTIONAL
        self.default = "" if required else f" = {DEFAULTS[self.swift]}"


def runs(fields):
    """Fields in order, with neighbouring bits (at most 8) gathered: they share an octet (§4.2.5.2)."""
    bits = []
    for each in fields:
        if each.type == "bit":
            if len(bits) == 8:
                yield bits
                bits = []
            bits.append(each)
            continue
        if bits:
            yield bits
            bits = []
        yield each
    if bits:
        yield bits


def decoding(method):
    lines = []
    for run in runs(method.fields):
        if isinstance(run, list):
            name = run[0].wire
            shown = [(index, each) for index, each in enumerate(run) if not each.reserved]
            if not shown:
                lines.append(f'_ = try reader.octet("{name}")')
                continue
            octet = f'try reader.octet("{name}")'
            if len(shown) == 1:
                lines.append(f"{shown[0][1].name} = {octet} & 0x{1 << shown[0][0]:02X} != 0")
                continue
            lines.append(f"let bits = {octet}")
            lines += [f"self.{each.name} = bits & 0x{1 << index:02X} != 0" for index, each in shown]
            continue
        if run.type == "longstr":
            call = f'longString("{run.wire}")' if not run.text else f'longText("{run.wire}")'
            if run.reserved:
                call = f'skipLongString("{run.wire}")'
        elif run.type == "shortstr" and run.reserved:
            call = f'skipShortString("{run.wire}")'
        else:
            call = f'{READERS[run.type]}("{run.wire}")'
        if run.reserved and run.type in ("shortstr", "longstr"):
            lines.append(f"try reader.{call}")
        else:
            lines.append(f"{'_' if run.reserved else run.name} = try reader.{call}")
    return lines


def encoding(method):
    lines = []
    for run in runs(method.fields):
        if isinstance(run, list):
            shown = [(index, each) for index, each in enumerate(run) if not each.reserved]
            if not shown:
                lines.append("writer.octet(0)")
            elif len(shown) == 1:
                lines.append(f"writer.octet({quoted(shown[0][1].name)} ? 0x{1 << shown[0][0]:02X} : 0)")
            else:
                lines.append("var bits: UInt8 = 0")
                lines += [f"if {quoted(each.name)} {{ bits |= 0x{1 << index:02X} }}" for index, each in shown]
                lines.append("writer.octet(bits)")
            continue
        value = quoted(run.name)
        if run.type == "shortstr":
            lines.append("writer.octet(0)" if run.reserved else f'try writer.shortString({value}, "{run.wire}")')
        elif run.type == "longstr":
            lines.append("writer.long(0)" if run.reserved
                         else f"writer.longString({value})")
        elif run.type == "table":
            lines.append(f'try writer.table({value}, "{run.wire}")')
        else:
            lines.append(f"writer.{READERS[run.type]}({0 if run.reserved else value})")
    return lines


def structure(method):
    lines = [f"/// {method.doc}", f"public struct {method.type}: MethodArguments {{"]
    lines.append(f'    /// ({method.class_id}, {method.id}).')
    lines.append(f"    public static let id = MethodID(classID: {method.class_id}, methodID: {method.id})")
    for each in method.visible:
        lines += [f"    /// {FIELD_DOCS[each.wire]}", f"    public var {quoted(each.name)}: {each.swift}"]
    lines += ["", "    /// The arguments; flags are off and strings and tables empty unless said.", "    public init("]
    lines.append(",\n".join(f"        {each.name}: {each.swift}{each.default}" for each in method.visible))
    lines.append("    ) {")
    lines += [f"        self.{each.name} = {quoted(each.name)}" for each in method.visible]
    lines += ["    }", "",
              "    init(decoding reader: inout FieldReader) throws(ProtocolError) {"]
    lines += [f"        {line}" for line in decoding(method)]
    throws = any("try " in line for line in encoding(method))
    lines += ["    }", "",
              f"    func encode(to writer: inout FieldWriter){' throws(ProtocolError)' if throws else ''} {{"]
    lines += [f"        {line}" for line in encoding(method)]
    lines += ["    }", "", "    func describe(in line: inout TraceLine) {"]
    for each in method.visible:
        lines.append(f'        line.field("{each.wire}", {quoted(each.name)})')
    lines += ["    }", "}", ""]
    return lines


def switch(head, methods, arm):
    lines = [f"    {head} {{", "        switch self {"]
    lines += [f"        case .{each.case}{arm(each)}" for each in methods]
    return lines + ["        }", "    }", ""]


def membership(head, doc, methods, test):
    chosen = [f".{each.case}" for each in methods if test(each)]
    others = [f".{each.case}" for each in methods if not test(each)]
    return [f"    /// {doc}", f"    public var {head}: Bool {{", "        switch self {",
            f"        case {', '.join(chosen)}: true", f"        case {', '.join(others)}: false", "        }", "    }", ""]


HEADER = "// Made by `tools/amqp_spec.py generate` from `fixtures/amqp/amqp-0-9-1.json`; change those, not this file."


def swift(spec):
    """File names and their text."""
    methods = [Method(owner, record) for owner in spec["classes"] for record in owner["methods"]]
    files = {"Method.swift": dispatch(methods), "MethodDescriptor+All.swift": descriptors(methods)}
    for owner in spec["classes"]:
        structures = [structure(each) for each in methods if each.class_id == owner["id"] and each.visible]
        if structures:
            files[f"{owner['name'].capitalize()}Methods.swift"] = [line for each in structures for line in each]
    return {name: formatted("\n".join([HEADER, "", *lines]).rstrip() + "\n") for name, lines in files.items()}


def dispatch(methods):
    lines = [
        "// One long table: the cases and what the numbers of a method lead to.", "",
        "/// A method with its arguments (AMQP 0-9-1 §4.2.4): one case for each, named by class and method.", "///",
        '///     let method = Method.queueDeclare(QueueDeclare(queue: "storage_service", durable: true))',
        "public enum Method: Sendable, Hashable {",
    ]
    for each in methods:
        lines += [f"    /// {each.doc}", f"    case {each.case}" + (f"({each.type})" if each.visible else "")]
    lines += ["}", "", "extension Method {", "    /// Class and method number."]
    lines += switch("public var id: MethodID", methods,
                    lambda each: f": MethodID(classID: {each.class_id}, methodID: {each.id})")
    lines.append("    /// The name, such as `queue.declare`.")
    lines += switch("public var name: String", methods, lambda each: f': "{each.name}"')
    lines += membership("carriesContent", "Whether a content header and body follow (§4.2.6).", methods,
                        lambda each: each.record["content"])
    lines += membership("isFromClient", "Whether a client may send it.", methods,
                        lambda each: "client" in each.record["sent_by"])
    lines += membership("isFromServer", "Whether a server may send it.", methods,
                        lambda each: "server" in each.record["sent_by"])
    lines += ["    /// The arguments of the method with these numbers; nil if there is no such method.",
              "    static func decode(_ id: MethodID, _ reader: inout FieldReader) throws(ProtocolError) -> Method? {",
              "        switch id.packed {"]
    for each in methods:
        if each.visible:
            value = f"return .{each.case}(try {each.type}(decoding: &reader))"
            lines.append(f"        case {each.packed}: {value}")
        else:
            lines.append(f"        case {each.packed}:")
            lines += [f"            {line}" for line in decoding(each)]
            lines.append(f"            return .{each.case}")
    lines += ["        default: return nil", "        }", "    }", "", "    /// Writes the arguments, without the numbers.",
              "    func encodeArguments(to writer: inout FieldWriter) throws(ProtocolError) {", "        switch self {"]
    for each in methods:
        if each.visible:
            throws = "try " if any("try " in line for line in encoding(each)) else ""
            lines.append(f"        case .{each.case}(let arguments): {throws}arguments.encode(to: &writer)")
    by_fields = {}
    for each in methods:
        if not each.visible:
            by_fields.setdefault("; ".join(encoding(each)) or "break", []).append(f".{each.case}")
    for body, cases in by_fields.items():
        lines.append(f"        case {', '.join(cases)}: {body}")
    lines += ["        }", "    }", "", "    /// Writes the arguments for people to read.",
              "    func describeArguments(in line: inout TraceLine) {", "        switch self {"]
    for each in methods:
        if each.visible:
            lines.append(f"        case .{each.case}(let arguments): arguments.describe(in: &line)")
    lines.append(f"        case {', '.join(f'.{each.case}' for each in methods if not each.visible)}: break")
    return lines + ["        }", "    }", "}"]


def descriptors(methods):
    lines = ["extension MethodDescriptor {", "    /// Every method, by class and method number.",
             "    public static let all: [MethodDescriptor] = ["]
    for each in methods:
        sides = ", ".join(f".{side}" for side in each.record["sent_by"])
        lines += ["        MethodDescriptor(", f"            {each.class_id}, {each.id}, \"{each.name}\",",
                  f"            senders: [{sides}], carriesContent: {str(each.record['content']).lower()},"
                  f" isSynchronous: {str(each.record['synchronous']).lower()},", "            fields: ["]
        for one in each.fields:
            reserved = ", isReserved: true" if one.reserved else ""
            lines.append(f'                FieldDescriptor("{one.wire}", .{FIELD_TYPES[one.type]}{reserved}),')
        lines += ["            ]", "        ),"]
    return lines + ["    ]", "}"]


def formatted(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "Methods.swift"
        path.write_text(text)
        subprocess.run(["swift", "format", "-i", "--configuration", ROOT / ".swift-format", path], check=True)
        return path.read_text()


def main(arguments):
    match arguments:
        case ["extract"]:
            extract(XML)
        case ["extract", path]:
            extract(path)
        case ["generate"]:
            for path in SWIFT.glob("*.swift"):
                path.unlink()
            SWIFT.mkdir(exist_ok=True)
            for name, text in swift(json.loads(JSON.read_text())).items():
                (SWIFT / name).write_text(text)
        case ["check"]:
            if {path.name: path.read_text() for path in SWIFT.glob("*.swift")} != swift(json.loads(JSON.read_text())):
                sys.exit(f"{SWIFT.relative_to(ROOT)} is not what {JSON.relative_to(ROOT)} gives; "
                         f"run: {sys.argv[0]} generate")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
