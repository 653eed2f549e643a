"""Asks the management API of a real RabbitMQ and of HubSim the same, and compares the answers.

    WITH_MANAGEMENT=1 tools/with-rabbitmq.sh python3 Tests/Foreign/management/compare.py PATH/TO/HubSimServer

For lists: HubSim's objects have RabbitMQ's keys, but for those of `LEFT_OUT`. For changes: same status, same error.
Needs pika. Exit status 0: no difference that is not known.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import pika

# What HubSim does not know, and does not make up.
LEFT_OUT = {
    # Erlang's own, the disk's, and what RabbitMQ estimates.
    "garbage_collection", "reductions", "reductions_details", "backing_queue_status", "consumer_capacity",
    "consumer_utilisation", "head_message_timestamp", "idle_since", "recoverable_slaves", "send_pend", "recv_cnt",
    "send_cnt", "recv_oct_details", "send_oct_details", "password_hash", "hashing_algorithm",
    # Kept in memory alone.
    "messages_paged_out", "messages_persistent", "messages_ram", "messages_ready_ram", "messages_unacknowledged_ram",
    "message_bytes", "message_bytes_paged_out", "message_bytes_persistent", "message_bytes_ram",
    "message_bytes_unacknowledged", "disk_reads", "disk_reads_details", "disk_writes", "disk_writes_details",
    # Counted for queues and for the whole hub only.
    "messages_details", "messages_ready_details", "messages_unacknowledged_details", "recv_oct", "send_oct",
    "message_stats", "publish_out", "publish_out_details", "get_empty", "get_empty_details",
    # A cluster's.
    "owner_pid_details",
}

LISTS = [
    "overview", "whoami", "vhosts", "vhosts/%2F", "users", "users/guest", "permissions", "connections", "channels",
    "consumers", "exchanges", "exchanges/%2F/ex1", "queues", "queues/%2F/q1", "bindings", "bindings/%2F/e/ex1/q/q1",
    "exchanges/%2F/ex1/bindings/source", "queues/%2F/q1/bindings", "definitions", "parameters", "policies",
    "queues?page=1&page_size=1", "queues?columns=name,vhost", "exchanges/%2F/amq.default", "aliveness-test/%2F",
    "health/checks/alarms", "health/checks/virtual-hosts",
]

CHANGES = [
    ("GET", "nope", None), ("GET", "queues/%2F/nope", None), ("GET", "queues/nope", None),
    ("GET", "queues?page=9&page_size=1000", None), ("GET", "queues?page=0", None), ("GET", "connections/nope", None),
    ("PUT", "queues/%2F/w1", {"durable": True, "arguments": {"x-max-length": 5}}),
    ("PUT", "queues/%2F/w1", {"durable": True, "arguments": {"x-max-length": 5}}),
    ("PUT", "queues/%2F/w1", {"durable": False}),
    ("PUT", "queues/%2F/w2", {}), ("PUT", "queues/%2F/w2", {"durable": True}),
    ("PUT", "queues/%2F/w3", [1]), ("PUT", "queues/%2F/w3", {"durable": "x"}),
    ("PUT", "queues/%2F/w3", {"arguments": {"x-max-length": -1}}), ("PUT", "queues/%2F/amq.foo", {}),
    ("PUT", "queues/novhost/x", {}),
    ("PUT", "exchanges/%2F/we", {"type": "direct"}), ("PUT", "exchanges/%2F/we", {"type": "topic"}),
    ("PUT", "exchanges/%2F/we2", {"type": "zzz"}),
    ("POST", "bindings/%2F/e/we/q/w1", {"routing_key": "rk"}),
    ("POST", "bindings/%2F/e/we/q/w1", {}), ("POST", "bindings/%2F/e/we/q/wnope", {"routing_key": "rk"}),
    ("DELETE", "bindings/%2F/e/we/q/w1/nope", None), ("DELETE", "bindings/%2F/e/we/q/w1/~", None),
    ("POST", "exchanges/%2F/we/publish", {"properties": {"headers": {"a": 1}, "delivery_mode": 2},
                                          "routing_key": "rk", "payload": "h\u00e9llo", "payload_encoding": "string"}),
    ("POST", "exchanges/%2F/we/publish", {"properties": {}, "routing_key": "zz", "payload": "",
                                          "payload_encoding": "string"}),
    ("POST", "exchanges/%2F/amq.default/publish", {"properties": {}, "routing_key": "w1", "payload": "//4A",
                                                   "payload_encoding": "base64"}),
    ("POST", "exchanges/%2F/amq.default/publish", {"properties": {}, "routing_key": "w1", "payload": "%%",
                                                   "payload_encoding": "base64"}),
    ("POST", "exchanges/%2F/amq.default/publish", {"routing_key": "w1"}),
    ("POST", "exchanges/%2F/nope/publish", {"properties": {}, "routing_key": "w1", "payload": "a",
                                            "payload_encoding": "string"}),
    ("POST", "exchanges/%2F/amq.default/publish", {"properties": {}, "routing_key": "w1", "payload": "a",
                                                   "payload_encoding": "rot13"}),
    ("POST", "queues/%2F/w1/get", {"count": 5, "ackmode": "ack_requeue_true", "encoding": "auto", "truncate": 3}),
    ("POST", "queues/%2F/w1/get", {"count": 5, "ackmode": "reject_requeue_true", "encoding": "auto"}),
    ("POST", "queues/%2F/w1/get", {"count": 5, "ackmode": "ack_requeue_false", "encoding": "base64"}),
    ("POST", "queues/%2F/w1/get", {"count": 5, "ackmode": "ack_requeue_false", "encoding": "auto"}),
    ("POST", "queues/%2F/w1/get", {"count": 5}),
    ("POST", "queues/%2F/w1/get", {"count": 5, "ackmode": "ack_requeue_true", "encoding": "zzz"}),
    ("POST", "queues/%2F/nope/get", {"count": 5, "ackmode": "ack_requeue_true", "encoding": "auto"}),
    ("DELETE", "queues/%2F/w1/contents", None), ("DELETE", "queues/%2F/nope/contents", None),
    ("DELETE", "queues/%2F/q1?if-unused=true", None), ("DELETE", "queues/%2F/q1?if-empty=true", None),
    ("DELETE", "queues/%2F/w1", None), ("DELETE", "queues/%2F/w1", None),
    ("DELETE", "exchanges/%2F/ex1?if-unused=true", None), ("DELETE", "exchanges/%2F/amq.direct", None),
    ("DELETE", "exchanges/%2F/we", None), ("DELETE", "exchanges/%2F/we", None),
    ("PUT", "vhosts/vv", {}), ("PUT", "vhosts/vv", {}), ("DELETE", "vhosts/vv", None), ("DELETE", "vhosts/vv", None),
    ("POST", "queues", {}), ("DELETE", "connections/nope", None),
]


class Side:
    """One broker: its management API, and a client that is at work on it."""

    def __init__(self, management, amqp):
        self.base = re.sub("//[^@/]*@", "//", management)
        self.connection = pika.BlockingConnection(pika.URLParameters(amqp))
        channel = self.connection.channel()
        channel.queue_declare("q1", durable=True, arguments={"x-max-length": 100})
        channel.exchange_declare("ex1", "topic")
        channel.exchange_declare("ex2", "fanout")
        channel.queue_bind("q1", "ex1", "a.#")
        channel.queue_bind("q1", "ex1", "hdr", arguments={"x": 1})
        channel.exchange_bind("ex2", "ex1", "e.*")
        channel.confirm_delivery()
        for _ in range(20):
            channel.basic_publish("ex1", "a.b", b"hello", pika.BasicProperties(content_type="text/plain"))
        consumer = self.connection.channel()
        consumer.basic_qos(prefetch_count=3)
        consumer.basic_consume("q1", lambda *_: None, consumer_tag="tag")
        self.connection.process_data_events(0.2)

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + "/api/" + path, method=method, data=data)
        request.add_header("Authorization", "Basic " + base64.b64encode(b"guest:guest").decode())
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def settle(self):
        """Waits until the management knows of everything: RabbitMQ's learns of it some seconds later."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            queues = json.loads(self.ask("GET", "queues")[1])
            connections = json.loads(self.ask("GET", "connections")[1])
            if queues and all("messages" in queue and queue.get("consumers") for queue in queues) \
                    and connections and "recv_oct" in connections[0] and "frame_max" in connections[0] \
                    and json.loads(self.ask("GET", "channels")[1]) and json.loads(self.ask("GET", "consumers")[1]):
                return
            self.connection.process_data_events(0.3)
        raise SystemExit("the management never knew of what was there")


def shape(value):
    """Which keys an answer has, however deep."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        merged = {}
        for element in value:
            inner = shape(element)
            if isinstance(inner, dict):
                merged.update(inner)
        return merged
    return None


def missing(real, ours, path=""):
    """Keys of RabbitMQ's that HubSim has not."""
    if not isinstance(real, dict):
        return []
    found = []
    for key, inner in real.items():
        if key in LEFT_OUT:
            continue
        if not isinstance(ours, dict) or key not in ours:
            found.append(path + key)
        elif key not in ("client_properties", "arguments", "socket_opts", "headers", "cluster_state", "listeners",
                         "contexts", "global_parameters", "sample_retention_policies"):
            found += missing(inner, ours[key], path + key + ".")
    return found


def parsed(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


def compare(real, ours):
    differences = []
    for path in LISTS:
        (real_status, real_body), (status, body) = real.ask("GET", path), ours.ask("GET", path)
        if real_status != status:
            differences.append(f"GET {path}: {real_status} there, {status} here")
        elif lost := missing(shape(parsed(real_body)), shape(parsed(body))):
            differences.append(f"GET {path}: not here: {', '.join(lost)}")
    for number, (method, path, body) in enumerate(CHANGES):
        (real_status, real_body), (status, ours_body) = real.ask(method, path, body), ours.ask(method, path, body)
        name = f"{number}: {method} {path} {json.dumps(body)[:80]}"
        if real_status != status:
            differences.append(f"{name}: {real_status} there, {status} here")
        elif status != 405 and parsed(real_body) != parsed(ours_body):
            differences.append(f"{name}:\n    there {real_body[:400]!r}\n    here  {ours_body[:400]!r}")
    return differences


def main():
    with tempfile.TemporaryDirectory() as folder:
        ready = os.path.join(folder, "ready.json")
        hub = subprocess.Popen([sys.argv[1], "--port", "0", "--admin-port", "0", "--log-level", "error",
                                "--ready-file", ready], stdout=subprocess.DEVNULL)
        try:
            while not os.path.exists(ready):
                if hub.poll() is not None:
                    raise SystemExit("HubSimServer did not start")
                time.sleep(0.05)
            with open(ready) as file:
                addresses = json.load(file)
            ours = Side(addresses["admin"], addresses["amqp"])
            real = Side(os.environ["TEST_MANAGEMENT_URL"], os.environ["TEST_HUB_URL"])
            real.settle()
            differences = compare(real, ours)
        finally:
            hub.terminate()
            hub.wait(40)
    print("\n".join(differences) if differences else "HubSim's management API answers as RabbitMQ's does")
    raise SystemExit(1 if differences else 0)


if __name__ == "__main__":
    main()
