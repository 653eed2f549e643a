"""The profile `events`: noted in the transaction of the effect, published after it, forgotten once the hub has them."""

import json
import uuid

from hub import EXCHANGE, message_properties
from store import now_ms, timestamp


def install(service):
    service.core.on_effect.append(note)

    def publish(channel):
        database = service.store.database
        with service.store.lock:
            events = database.execute("SELECT * FROM events ORDER BY number").fetchall()
        for event in events:
            channel.basic_publish(EXCHANGE, event["name"], event["body"].encode(), message_properties(event["name"]))
            with service.store.lock:
                database.execute("DELETE FROM events WHERE number = ?", [event["number"]])

    # On a new connection too: the last one may have broken off, or the process, before they were published.
    service.hub.on_connected.append(publish)
    service.hub.after_request.append(publish)


def note(database, name, record, operation_id):
    event = {
        "event": name, "event_id": str(uuid.uuid4()), "occurred_at": timestamp(now_ms()), "operation_id": operation_id,
        "data": record}
    database.execute(
        "INSERT INTO events (event_id, name, body) VALUES (?, ?, ?)", [event["event_id"], name, json.dumps(event)])
