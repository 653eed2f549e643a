"""Asks a running storage side for an image over its hub, with pika: a client that shares no code with this project.

    python3 get_image_with_pika.py amqp://guest:guest@127.0.0.1:5672/ IMAGE_ID

Prints the reply's body. Exit status 0 when the reply is a success for this request, 1 otherwise.
"""

import json
import sys
import uuid

import pika


def get_image(hub_url: str, image_id: str, timeout_seconds: float = 5.0) -> dict:
    connection = pika.BlockingConnection(pika.URLParameters(hub_url))
    channel = connection.channel()
    channel.confirm_delivery()
    reply_queue = channel.queue_declare("", exclusive=True, auto_delete=True).method.queue
    operation_id = str(uuid.uuid4())
    replies = []

    def on_reply(_channel, _method, properties, body):
        replies.append((properties, json.loads(body)))

    channel.basic_consume(reply_queue, on_reply, auto_ack=True)
    # With confirms on, pika raises UnroutableError here when no storage side has bound its queue.
    channel.basic_publish(
        "message_hub",
        "storage.request",
        json.dumps({"operation": "get_image", "operation_id": operation_id, "data": {"image_id": image_id}}).encode(),
        pika.BasicProperties(
            content_type="application/json",
            delivery_mode=2,
            message_id=operation_id,
            correlation_id=operation_id,
            reply_to=reply_queue,
            type="storage.request",
            app_id="pika",
            expiration=str(int(timeout_seconds * 1000)),
        ),
        mandatory=True,
    )
    connection.process_data_events(time_limit=timeout_seconds)
    connection.close()
    if not replies:
        raise SystemExit(f"no reply within {timeout_seconds} s")
    properties, reply = replies[0]
    assert properties.correlation_id == operation_id, properties
    assert properties.content_type == "application/json", properties
    assert reply["operation_id"] == operation_id, reply
    return reply


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    answer = get_image(sys.argv[1], sys.argv[2])
    print(json.dumps(answer, indent=2))
    sys.exit(0 if answer["status"] == "success" else 1)
