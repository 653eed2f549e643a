"""The profile `discovery`: says that the service is there."""

import json
import uuid

from hub import EXCHANGE, message_properties
from values import parse

TTL_SECONDS = 15


def install(service):
    hub, instance_id = service.hub, str(uuid.uuid4())

    def announce(channel, status="up"):
        announcement = {
            "event": "service.announced", "service": "storage_service", "instance_id": instance_id, "version": "1.0",
            "protocol": "2.0", "status": status, "url": service.url, "operations": sorted(service.core.operations),
            "ttl_seconds": TTL_SECONDS}
        channel.basic_publish(
            EXCHANGE, "discovery.announce", json.dumps(announcement).encode(), message_properties("discovery.announce"))

    def announce_regularly(channel):
        announce(channel)
        hub.connection.call_later(TTL_SECONDS / 3, lambda: announce_regularly(channel))

    def connected(channel):
        # A queue of this instance's own: every instance is to hear every query.
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, EXCHANGE, "discovery.query")
        channel.basic_consume(queue, on_query, auto_ack=True)
        hub.connection.call_later(0, lambda: announce_regularly(channel))

    def on_query(channel, _delivery, _properties, body):
        try:
            query = parse(body)
        except (ValueError, RecursionError):
            return
        if query.get("event") == "service.query" and query.get("service") in ("storage_service", "*"):
            announce(channel)

    hub.on_connected.append(connected)
    hub.before_stop.append(lambda channel: announce(channel, "down"))
