"""The profile `core`: one request in, one reply out, and every effect once."""

import hashlib
import json
import logging
import uuid

from store import now_ms, timestamp
from values import Fields, Refusal, invalid, parse

METADATA = ("type", "subtype", "name", "theme")
CONTENT = ("url", "format", "width", "height", "size", "sha256")
DAY_MS = 24 * 3_600_000


class Core:
    def __init__(self, store):
        self.store = store
        self.operations = {
            "create_image": create_image, "get_image": get_image, "update_image": update_image,
            "delete_image": delete_image}
        self.reading = {"get_image"}
        # Called with each effect, in its transaction: (database, event's name, record, operation id).
        self.on_effect = []

    def answer(self, body):
        """The reply to the body of a message."""
        operation_id = None
        try:
            envelope = parse(body)
            fields = Fields(envelope)
            operation_id = fields.string("operation_id", 255)
            operation = fields.value("operation", str)
            if not operation:
                raise invalid("operation is empty")
            data = fields.value("data", dict, optional=True) or {}
        except (ValueError, RecursionError) as error:
            return refusal(operation_id, "VALIDATION_ERROR", f"no request: {error}")
        except Refusal as error:
            return refusal(operation_id, error.code, str(error))
        try:
            return self.carry_out(operation_id, operation, data)
        except Exception:
            # Nothing has happened, and nothing is remembered: the same request may succeed the next time.
            logging.exception("operation %s failed", operation_id)
            return refusal(operation_id, "INTERNAL_ERROR", "storage failed")

    def carry_out(self, operation_id, operation, data):
        # Keys are sorted, because their order does not count.
        text = json.dumps([operation, data], sort_keys=True)
        payload = hashlib.sha256(text.encode()).digest()
        # The effect and the reply that is remembered are one transaction: none is ever there without the other.
        with self.store.transaction() as database:
            known = database.execute("SELECT * FROM operations WHERE id = ?", [operation_id]).fetchone()
            if known and known["payload"] != payload:
                return refusal(operation_id, "OPERATION_CONFLICT", "this operation id was used for something else")
            if known and known["reply"]:
                return json.loads(known["reply"])
            try:
                if operation not in self.operations:
                    raise Refusal("UNKNOWN_OPERATION", "this storage does not do that")
                outcome = self.operations[operation](database, Fields(data))
                result, event = outcome if isinstance(outcome, tuple) else (outcome, None)
                reply = {"operation_id": operation_id, "status": "success", "data": result}
            except Refusal as error:
                reply, event = refusal(operation_id, error.code, str(error)), None
            if event:
                name, record = event
                for hook in self.on_effect:
                    hook(database, name, record, operation_id)
            remembered = None if operation in self.reading else json.dumps(reply)
            database.execute("DELETE FROM operations WHERE at < ?", [now_ms() - DAY_MS])
            database.execute("INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?)",
                             [operation_id, payload, remembered, now_ms()])
            return reply


def refusal(operation_id, code, message):
    return {"operation_id": operation_id, "status": "error", "error": {"code": code, "message": message, "details": {}}}


# The operations: a result, or a result and the event that follows from it.

def create_image(database, fields):
    metadata = {key: fields.text(key) for key in METADATA}
    content = read_content(fields)
    check_asset(database, content)
    id, now = str(uuid.uuid4()), now_ms()
    database.execute(
        "INSERT INTO images VALUES (:id, :type, :subtype, :name, :theme, 1, :now, :now)", {**metadata, "id": id, "now": now})
    insert_version(database, id, 1, content, now)
    record = record_of(database, id)
    return record, ("image.created", record)


def get_image(database, fields):
    id, version = fields.image_id(), fields.number("version", 1, optional=True)
    return record_of(database, id, version)


def update_image(database, fields):
    id = fields.image_id()
    changes = {key: fields.text(key, optional=True) for key in METADATA}
    changes = {key: value for key, value in changes.items() if value is not None}
    if not changes:
        raise invalid("there is nothing to change")
    image = image_row(database, id)
    for key, value in changes.items():
        database.execute(f"UPDATE images SET {key} = ? WHERE id = ?", [value, id])
    touch(database, image)
    record = record_of(database, id)
    return record, ("image.updated", record)


def delete_image(database, fields):
    id = fields.image_id()
    record = record_of(database, id)
    # Their hour begins now.
    database.execute(
        "UPDATE assets SET kept_since = ? WHERE sha256 IN (SELECT sha256 FROM versions WHERE image_id = ?)", [now_ms(), id])
    database.execute("DELETE FROM versions WHERE image_id = ?", [id])
    database.execute("DELETE FROM images WHERE id = ?", [id])
    return {"id": id}, ("image.deleted", record)


# What the operations have in common.

def read_content(fields):
    return {
        "url": fields.string("url", 2048), "format": fields.string("format", 32), "width": fields.number("width", 1),
        "height": fields.number("height", 1), "size": fields.number("size", 0), "sha256": fields.digest("sha256")}


def check_asset(database, content):
    if content["sha256"] is None:
        return
    asset = database.execute(
        "SELECT length(bytes) AS size FROM assets WHERE sha256 = ?", [content["sha256"]]).fetchone()
    if asset is None:
        raise Refusal("ASSET_NOT_FOUND", "there is no such asset")
    if asset["size"] != content["size"]:
        raise invalid(f"size must be the asset's, {asset['size']}")


def insert_version(database, id, version, content, now):
    database.execute(
        "INSERT INTO versions VALUES (:id, :version, :url, :format, :width, :height, :size, :sha256, :now)",
        {**content, "id": id, "version": version, "now": now})


def image_row(database, id):
    image = database.execute("SELECT * FROM images WHERE id = ?", [id]).fetchone()
    if image is None:
        raise Refusal("IMAGE_NOT_FOUND", "there is no such image")
    return image


def touch(database, image):
    """A change takes place now, and after the last one, whatever the clock says."""
    now = max(now_ms(), image["updated_at"] + 1)
    database.execute("UPDATE images SET updated_at = ? WHERE id = ?", [now, image["id"]])
    return now


def record_of(database, id, version=None):
    """The image as it is now, with the content of a version, the newest where none is named."""
    image = image_row(database, id)
    content = database.execute(
        "SELECT * FROM versions WHERE image_id = ? AND version = ?", [id, version or image["version"]]).fetchone()
    if content is None:
        raise Refusal("VERSION_NOT_FOUND", "the image has no such version")
    return {
        "id": id, "type": image["type"], "subtype": image["subtype"], "name": image["name"],
        **{key: content[key] for key in CONTENT}, "version": content["version"],
        "metadata": {
            "theme": image["theme"], "created_at": timestamp(image["created_at"]),
            "updated_at": timestamp(image["updated_at"])}}
