"""What users of pika's BlockingConnection do with a hub."""

import datetime
import decimal
import time
from contextlib import contextmanager

import pika
from checks import check, equal, main, raises, short_of_memory, unique, until
from pika.exceptions import (
    AMQPConnectionError,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    NackError,
    ProbableAuthenticationError,
    UnroutableError,
)


def parameters(url: str, **more) -> pika.URLParameters:
    found = pika.URLParameters(url)
    for name, value in more.items():
        setattr(found, name, value)
    return found


@contextmanager
def connected(url: str, **more):
    connection = pika.BlockingConnection(parameters(url, **more))
    try:
        yield connection
    finally:
        if connection.is_open:
            connection.close()


@contextmanager
def opened(url: str):
    """A channel on a connection of its own."""
    with connected(url) as connection:
        yield connection.channel()


def fetched(channel, queue: str, seconds: float = 5, auto_ack: bool = True):
    """The next message of a queue, once it is there: (method, properties, body)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = channel.basic_get(queue, auto_ack=auto_ack)
        if found[0] is not None:
            return found
        channel.connection.process_data_events(time_limit=0.02)
    raise AssertionError(f"nothing came to {queue} within {seconds} s")


@check
def connect_with_a_name(url):
    with connected(url, client_properties={"connection_name": "a name of mine – ☃"}) as connection:
        properties = connection._impl.server_properties
        equal(properties["product"], "RabbitMQ", "product")
        for capability in [
            "publisher_confirms", "exchange_exchange_bindings", "basic.nack", "consumer_cancel_notify",
            "connection.blocked", "consumer_priorities", "authentication_failure_close", "per_consumer_qos",
            "direct_reply_to",
        ]:  # fmt: skip
            equal(properties["capabilities"].get(capability), True, capability)
    equal(connection.is_closed, True)


@check
def heartbeats_keep_an_idle_connection(url):
    with connected(url, heartbeat=1) as connection:
        connection.process_data_events(time_limit=3.5)
        equal(connection.is_open, True)
        connection.channel().close()


@check
def a_client_that_falls_silent_is_cut_off(url):
    with connected(url, heartbeat=1) as connection:
        connection.channel()
        time.sleep(4)  # pika sends heartbeats only while it is given time, so this is silence.
        with raises(AMQPConnectionError):
            connection.process_data_events(time_limit=1)
            connection.channel()


@check
def wrong_password_is_refused(url):
    with raises(ProbableAuthenticationError, text="403"):
        pika.BlockingConnection(parameters(url, credentials=pika.PlainCredentials("guest", "wrong")))


@check
def unknown_vhost_is_refused(url):
    with raises(ConnectionClosedByBroker, AMQPConnectionError, text="530"):
        pika.BlockingConnection(parameters(url, virtual_host=unique("vhost")))


@check
def declare_bind_and_count(url):
    with opened(url) as channel:
        exchange, queue = unique("topic"), unique("queue")
        channel.exchange_declare(exchange, "topic", durable=True)
        declared = channel.queue_declare(queue, durable=True).method
        equal((declared.queue, declared.message_count, declared.consumer_count), (queue, 0, 0))
        channel.queue_bind(queue, exchange, "a.*.c")
        channel.queue_bind(queue, exchange, "#.end")
        for key in ["a.b.c", "x.end", "end", "a.b", "a.b.c.d"]:
            channel.basic_publish(exchange, key, key.encode())
        channel.confirm_delivery()
        channel.basic_publish(exchange, "z.end", b"z.end")
        equal(channel.queue_declare(queue, passive=True).method.message_count, 4)
        channel.queue_unbind(queue, exchange, "#.end")
        channel.basic_publish(exchange, "no.end", b"nowhere")
        bodies = [channel.basic_get(queue, auto_ack=True)[2] for _ in range(4)]
        equal(bodies, [b"a.b.c", b"x.end", b"end", b"z.end"])
        equal(channel.basic_get(queue), (None, None, None))
        channel.queue_delete(queue)
        channel.exchange_delete(exchange)


@check
def exchange_to_exchange_and_alternate(url):
    with opened(url) as channel:
        first, second, spare = unique("first"), unique("second"), unique("spare")
        channel.exchange_declare(spare, "fanout", auto_delete=True)
        channel.exchange_declare(first, "direct", auto_delete=True, arguments={"alternate-exchange": spare})
        channel.exchange_declare(second, "fanout", auto_delete=True)
        channel.exchange_bind(second, first, "key")
        bound = channel.queue_declare("", exclusive=True).method.queue
        lost = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(bound, second)
        channel.queue_bind(lost, spare)
        channel.basic_publish(first, "key", b"bound")
        channel.basic_publish(first, "other", b"lost")
        equal(fetched(channel, bound)[2], b"bound")
        equal(fetched(channel, lost)[2], b"lost")


@check
def headers_exchange(url):
    with opened(url) as channel:
        exchange = unique("headers")
        channel.exchange_declare(exchange, "headers", auto_delete=True)
        every, some = [channel.queue_declare("", exclusive=True).method.queue for _ in range(2)]
        channel.queue_bind(every, exchange, "", {"x-match": "all", "a": 1, "b": "two"})
        channel.queue_bind(some, exchange, "", {"x-match": "any", "a": 1, "b": "two"})
        for number, headers in enumerate([{"a": 1, "b": "two", "c": 3}, {"a": 1}, {"b": "three"}]):
            channel.basic_publish(exchange, "", str(number).encode(), pika.BasicProperties(headers=headers))
        equal([fetched(channel, some)[2] for _ in range(2)], [b"0", b"1"])
        equal(fetched(channel, every)[2], b"0")
        for queue in (every, some):
            equal(channel.queue_declare(queue, passive=True).method.message_count, 0, queue)


@check
def confirms_and_mandatory_returns(url):
    with opened(url) as channel:
        channel.confirm_delivery()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.basic_publish("", queue, b"taken", mandatory=True)
        properties = pika.BasicProperties(message_id="7", headers={"h": 1})
        with raises(UnroutableError):
            channel.basic_publish("", unique("nobody"), b"came back", properties, mandatory=True)
        try:
            channel.basic_publish("", "nobody here", b"came back", properties, mandatory=True)
        except UnroutableError as error:
            (message,) = error.messages
            equal((message.method.reply_code, message.method.reply_text), (312, "NO_ROUTE"))
            equal((message.method.exchange, message.method.routing_key), ("", "nobody here"))
            equal((message.body, message.properties.message_id), (b"came back", "7"))
        channel.basic_publish("", "nobody here", b"dropped without a word")


@check
def a_full_queue_says_no(url):
    with opened(url) as channel:
        channel.confirm_delivery()
        arguments = {"x-max-length": 1, "x-overflow": "reject-publish"}
        queue = channel.queue_declare("", exclusive=True, arguments=arguments).method.queue
        channel.basic_publish("", queue, b"first")
        with raises(NackError):
            channel.basic_publish("", queue, b"second")
        equal(fetched(channel, queue)[2], b"first")


@check
def prefetch_bounds_what_is_under_way(url):
    with opened(url) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        for number in range(5):
            channel.basic_publish("", queue, str(number).encode())
        channel.basic_qos(prefetch_count=2)
        got = []
        channel.basic_consume(queue, lambda _c, method, _p, body: got.append((method.delivery_tag, body)))
        work = lambda: channel.connection.process_data_events(time_limit=0.1)
        until(lambda: len(got) == 2, work, "two deliveries")
        work()
        equal(got, [(1, b"0"), (2, b"1")])
        channel.basic_ack(1)
        until(lambda: len(got) == 3, work, "the third delivery")
        channel.basic_ack(0, multiple=True)
        until(lambda: len(got) == 5, work, "all deliveries")
        channel.basic_ack(5, multiple=True)
        equal([body for _, body in got], [b"0", b"1", b"2", b"3", b"4"])


@check
def ack_nack_reject(url):
    with opened(url) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        for body in (b"a", b"b", b"c"):
            channel.basic_publish("", queue, body)
        first, second, third = [fetched(channel, queue, auto_ack=False)[0] for _ in range(3)]
        equal([first.redelivered, first.message_count, third.message_count], [False, 2, 0])
        channel.basic_reject(first.delivery_tag, requeue=True)
        channel.basic_nack(third.delivery_tag, multiple=True, requeue=True)
        again = [fetched(channel, queue, auto_ack=False) for _ in range(3)]
        equal([(method.redelivered, body) for method, _, body in again], [(True, b"a"), (True, b"b"), (True, b"c")])
        channel.basic_reject(again[0][0].delivery_tag, requeue=False)
        channel.basic_ack(again[2][0].delivery_tag, multiple=True)
        equal(channel.queue_delete(queue).method.message_count, 0)


@check
def what_is_not_acknowledged_comes_again(url):
    queue = unique("again")
    with connected(url) as connection:
        channel = connection.channel()
        channel.queue_declare(queue)
        channel.basic_publish("", queue, b"work")
        fetched(channel, queue, auto_ack=False)
        channel.basic_recover(requeue=True)
        equal(fetched(channel, queue, auto_ack=False)[0].redelivered, True, "after recover")
    with opened(url) as channel:
        equal(fetched(channel, queue, auto_ack=True)[0].redelivered, True, "after the connection's end")
        channel.queue_delete(queue)


@check
def consume_as_a_generator(url):
    with opened(url) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        for number in range(3):
            channel.basic_publish("", queue, str(number).encode())
        got = []
        for method, _, body in channel.consume(queue, inactivity_timeout=0.5):
            if method is None:
                break
            got.append(body)
            channel.basic_ack(method.delivery_tag)
        equal(channel.cancel(), 0)
        equal(got, [b"0", b"1", b"2"])


@check
def exclusive_queues_and_consumers(url):
    with connected(url) as mine, connected(url) as other:
        queue = unique("exclusive")
        channel = mine.channel()
        channel.queue_declare(queue, exclusive=True)
        with raises(ChannelClosedByBroker, code=405, text="RESOURCE_LOCKED"):
            other.channel().queue_declare(queue, passive=True)
        with raises(ChannelClosedByBroker, code=405, text="RESOURCE_LOCKED"):
            other.channel().basic_get(queue)
        channel.basic_consume(queue, print, exclusive=True)
        with raises(ChannelClosedByBroker, code=403, text="ACCESS_REFUSED"):
            mine.channel().basic_consume(queue, print)
        mine.close()
        with raises(ChannelClosedByBroker, code=404, text="NOT_FOUND"):
            other.channel().queue_declare(queue, passive=True)


@check
def time_to_live_and_dead_letters(url):
    with opened(url) as channel:
        exchange = unique("dead")
        channel.exchange_declare(exchange, "fanout", auto_delete=True)
        grave = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(grave, exchange)
        arguments = {"x-dead-letter-exchange": exchange, "x-dead-letter-routing-key": "gone", "x-max-length": 2}
        queue = channel.queue_declare("", exclusive=True, arguments=arguments).method.queue
        channel.basic_publish("", queue, b"expires", pika.BasicProperties(expiration="50"))
        method, properties, body = fetched(channel, grave)
        equal((body, method.routing_key, properties.expiration), (b"expires", "gone", None))
        (death,) = properties.headers["x-death"]
        equal(
            [death[key] for key in ("queue", "reason", "count", "exchange", "routing-keys", "original-expiration")],
            [queue, "expired", 1, "", [queue], "50"],
        )
        equal(isinstance(death["time"], datetime.datetime), True, "time is a timestamp")
        equal(properties.headers["x-first-death-reason"], "expired")
        channel.basic_publish("", queue, b"rejected")
        channel.basic_reject(fetched(channel, queue, auto_ack=False)[0].delivery_tag, requeue=False)
        equal(fetched(channel, grave)[1].headers["x-death"][0]["reason"], "rejected")
        for body in (b"1", b"2", b"3"):
            channel.basic_publish("", queue, body)
        _, properties, body = fetched(channel, grave)
        equal((body, properties.headers["x-death"][0]["reason"]), (b"1", "maxlen"))


@check
def a_queue_of_short_life(url):
    with opened(url) as channel:
        queue = unique("expires")
        channel.queue_declare(queue, arguments={"x-expires": 200, "x-message-ttl": 60000})
        channel.connection.process_data_events(time_limit=0.8)
        with raises(ChannelClosedByBroker, code=404):
            channel.queue_declare(queue, passive=True)


@check
def priorities(url):
    with opened(url) as channel:
        queue = channel.queue_declare("", exclusive=True, arguments={"x-max-priority": 5}).method.queue
        for priority in (1, 5, 3, 9, 0):
            channel.basic_publish("", queue, str(priority).encode(), pika.BasicProperties(priority=priority))
        equal([fetched(channel, queue)[2] for _ in range(5)], [b"5", b"9", b"3", b"1", b"0"])


@check
def request_and_direct_reply(url):
    with connected(url) as asking, connected(url) as answering:
        server, client = answering.channel(), asking.channel()
        queue = server.queue_declare(unique("rpc"), auto_delete=True).method.queue

        def answer(channel, method, properties, body):
            channel.basic_publish(
                "", properties.reply_to, body.upper(), pika.BasicProperties(correlation_id=properties.correlation_id)
            )
            channel.basic_ack(method.delivery_tag)

        server.basic_consume(queue, answer)
        replies = []
        client.basic_consume(
            "amq.rabbitmq.reply-to", lambda _c, _m, properties, body: replies.append((properties, body)), auto_ack=True
        )
        properties = pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id="17")
        client.basic_publish("", queue, b"done", properties)

        def work():
            answering.process_data_events(time_limit=0.05)
            asking.process_data_events(time_limit=0.05)

        until(lambda: replies, work, "the reply")
        equal((replies[0][0].correlation_id, replies[0][1]), ("17", b"DONE"))


@check
def names_from_the_hub(url):
    with opened(url) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        equal(queue.startswith("amq.gen-"), True, queue)
        channel.basic_publish("", queue, b"x")
        # No name means the last queue that the channel declared.
        equal(channel.basic_get("", auto_ack=True)[2], b"x")
        tag = channel.basic_consume(queue, print)
        equal(tag.startswith("ctag"), True, tag)
        channel.basic_cancel(tag)


@check
def the_hub_tells_of_a_cancelled_consumer(url):
    with opened(url) as channel:
        queue = channel.queue_declare(unique("cancelled")).method.queue
        cancelled = []
        channel.add_on_cancel_callback(lambda frame: cancelled.append(frame.method.consumer_tag))
        tag = channel.basic_consume(queue, print)
        with opened(url) as other:
            other.queue_delete(queue)
        until(
            lambda: cancelled, lambda: channel.connection.process_data_events(time_limit=0.05), "the hub's basic.cancel"
        )
        equal(cancelled, [tag])


@check
def errors_of_a_channel(url):
    with connected(url) as connection:
        taken = unique("taken")
        connection.channel().queue_declare(taken, exclusive=True)
        connection.channel().exchange_declare(taken, "direct", auto_delete=True)
        for code, text, act in [
            (404, "NOT_FOUND - no queue", lambda c: c.basic_get(unique("no"))),
            (404, "NOT_FOUND - no queue", lambda c: c.basic_consume(unique("no"), print)),
            (404, "NOT_FOUND - no exchange", lambda c: c.exchange_declare(unique("no"), passive=True)),
            (404, "NOT_FOUND - no exchange", lambda c: c.queue_bind(taken, unique("no"))),
            (403, "ACCESS_REFUSED", lambda c: c.queue_declare("amq.mine")),
            (403, "ACCESS_REFUSED", lambda c: c.exchange_declare("amq.mine")),
            (403, "ACCESS_REFUSED", lambda c: c.exchange_delete("amq.direct")),
            (406, "inequivalent arg 'auto_delete'", lambda c: c.queue_declare(taken, exclusive=True, auto_delete=True)),
            (406, "inequivalent arg 'type'", lambda c: c.exchange_declare(taken, "fanout", auto_delete=True)),
            (406, "inequivalent arg", lambda c: c.queue_declare(taken, exclusive=True, arguments={"x-expires": 9})),
            (406, "PRECONDITION_FAILED", lambda c: c.queue_declare("", arguments={"x-message-ttl": "soon"})),
        ]:
            with raises(ChannelClosedByBroker, code=code, text=text):
                act(connection.channel())
        for code, text, act in [
            (404, "NOT_FOUND - no exchange", lambda c: c.basic_publish(unique("no"), "key", b"")),
            (406, "unknown delivery tag 42", lambda c: c.basic_ack(42)),
            (406, "invalid expiration", lambda c: c.basic_publish("", taken, b"", pika.BasicProperties(expiration="x"))),
            (406, "user_id", lambda c: c.basic_publish("", taken, b"", pika.BasicProperties(user_id="nobody"))),
        ]:
            with raises(ChannelClosedByBroker, code=code, text=text):
                channel = connection.channel()
                act(channel)  # Without an answer: the next method meets the closed channel.
                channel.queue_declare(taken, passive=True)
        equal(connection.is_open, True)


def publish_immediate(channel):
    # pika has no word for `immediate` any more, so its method is written by hand.
    method = pika.spec.Basic.Publish(exchange="", routing_key="x", immediate=True)
    channel._impl._send_method(method, (pika.BasicProperties(), b""))
    channel.basic_qos()


@check
def errors_of_a_connection(url):
    for code, text, act in [
        (503, "unknown exchange type", lambda c: c.exchange_declare(unique("odd"), "odd")),
        (540, "prefetch_size!=0", lambda c: c.basic_qos(prefetch_size=1)),
        (540, "immediate=true", publish_immediate),
    ]:
        with connected(url) as connection, raises(ConnectionClosedByBroker, code=code, text=text):
            act(connection.channel())


@check
def delete_only_if(url):
    with connected(url) as connection:
        channel = connection.channel()
        queue, exchange = unique("kept"), unique("kept")
        channel.queue_declare(queue)
        channel.exchange_declare(exchange)
        channel.queue_bind(queue, exchange, "k")
        channel.basic_publish("", queue, b"x")
        with raises(ChannelClosedByBroker, code=406, text="not empty"):
            connection.channel().queue_delete(queue, if_empty=True)
        with raises(ChannelClosedByBroker, code=406, text="in use"):
            connection.channel().exchange_delete(exchange, if_unused=True)
        equal(channel.queue_purge(queue).method.message_count, 1)
        channel.basic_consume(queue, print)
        with raises(ChannelClosedByBroker, code=406, text="in use"):
            connection.channel().queue_delete(queue, if_unused=True)
        equal(channel.queue_delete(queue).method.message_count, 0)
        channel.exchange_delete(exchange)
        channel.queue_delete(queue)  # Once more: that it is gone is no error.


@check
def transactions(url):
    with opened(url) as channel, opened(url) as other:
        queue = unique("tx")
        other.queue_declare(queue, auto_delete=True)
        channel.tx_select()
        channel.basic_publish("", queue, b"rolled back")
        channel.tx_rollback()
        channel.basic_publish("", queue, b"committed")
        equal(other.basic_get(queue), (None, None, None), "before the commit")
        channel.tx_commit()
        equal(fetched(other, queue)[2], b"committed")
        equal(other.basic_get(queue), (None, None, None), "after it")
        other.queue_delete(queue)
        with raises(ChannelClosedByBroker, code=406):
            channel.confirm_delivery()


@check
def a_message_larger_than_a_frame(url):
    body = bytes(range(256)) * 4096 + b"end"
    with connected(url, frame_max=8192) as small, connected(url) as large:
        queue = unique("large")
        channel = large.channel()
        channel.queue_declare(queue)
        small_channel = small.channel()
        for length in (len(body), 0, 8192 - 8, 8192 - 7, 1):
            small_channel.basic_publish("", queue, body[:length])
            equal(fetched(channel, queue)[2] == body[:length], True, f"{length} bytes by small frames")
            channel.basic_publish("", queue, body[:length])
            equal(fetched(small_channel, queue)[2] == body[:length], True, f"{length} bytes to small frames")
        channel.queue_delete(queue)


@check
def unicode_everywhere(url):
    with opened(url) as channel:
        name = unique("ünïcødé ☃ 漢字 🎈")
        channel.queue_declare(name, exclusive=True)
        channel.exchange_declare(name, "direct", auto_delete=True)
        channel.queue_bind(name, name, "schlüssel 🔑")
        headers = {"größe": "☃", "漢": {"字": "🎈"}}
        properties = pika.BasicProperties(headers=headers, correlation_id="ß", type="ß")
        channel.basic_publish(name, "schlüssel 🔑", "körper 🎈".encode(), properties)
        method, properties, body = fetched(channel, name)
        equal((method.exchange, method.routing_key, body.decode()), (name, "schlüssel 🔑", "körper 🎈"))
        equal((properties.headers, properties.correlation_id, properties.type), (headers, "ß", "ß"))


@check
def every_type_of_header_and_every_property(url):
    headers = {
        "true": True, "false": False, "small": 7, "negative": -70_000, "large": 2**40, "lowest": -(2**63),
        "decimal": decimal.Decimal("3.14"), "text": "text", "empty": "",
        "bytes": b"\x00\xff\xfe", "nothing": None, "time": datetime.datetime(2026, 2, 28, 12, 30, 1, tzinfo=datetime.timezone.utc),
        "list": [1, "two", None, [7, {"deep": True}], b"\xff"], "no list": [], "table": {"a": {"b": {"c": [False]}}},
        "no table": {},
    }  # fmt: skip
    wanted = dict(
        content_type="text/plain", content_encoding="utf-8", headers=headers, delivery_mode=2, priority=9,
        correlation_id="correlation", reply_to="reply", expiration="60000", message_id="id", timestamp=1_790_000_000,
        type="type", user_id="guest", app_id="app", cluster_id="cluster",
    )  # fmt: skip
    with opened(url) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.basic_publish("", queue, b"", pika.BasicProperties(**wanted))
        properties = fetched(channel, queue)[1]
        for name, value in wanted["headers"].items():
            equal(properties.headers.get(name), value, f"header {name!r}")
        for name, value in wanted.items():
            equal(getattr(properties, name), value, name)
        channel.basic_publish("", queue, b"")
        properties = fetched(channel, queue)[1]
        equal([getattr(properties, name) for name in wanted], [None] * len(wanted), "no property comes from nowhere")


@check
def consumer_priorities_and_many_channels(url):
    with connected(url) as connection:
        channels = [connection.channel() for _ in range(50)]
        equal(len({channel.channel_number for channel in channels}), 50)
        queue = channels[0].queue_declare("", exclusive=True).method.queue
        got = []
        for priority, channel in ((1, channels[1]), (10, channels[2]), (5, channels[3])):
            channel.basic_qos(prefetch_count=1)
            channel.basic_consume(
                queue, lambda *_, priority=priority: got.append(priority), arguments={"x-priority": priority}
            )
        for count in (1, 2, 3):
            channels[0].basic_publish("", queue, b"")
            until(lambda: len(got) == count, lambda: connection.process_data_events(time_limit=0.05), "a delivery")
        equal(got, [10, 5, 1])
        for channel in channels:
            channel.close()


@check
def a_publisher_is_told_when_it_is_blocked(url):
    with connected(url) as publishing, opened(url) as other:
        queue = other.queue_declare("", exclusive=True).method.queue
        told = []
        publishing.add_on_connection_blocked_callback(lambda _connection, frame: told.append(frame.method.reason))
        publishing.add_on_connection_unblocked_callback(lambda _connection, _frame: told.append("unblocked"))
        channel = publishing.channel()
        work = lambda: publishing.process_data_events(time_limit=0.05)

        def fill():
            for _ in range(8):
                channel.basic_publish("amq.fanout", "", bytes(1 << 20))

        other.queue_bind(queue, "amq.fanout")
        with short_of_memory(fill, lambda: other.queue_purge(queue)):
            # Who publishes while memory is short is blocked, and its publish waits in the socket.
            channel.basic_publish("amq.fanout", "", b"one more")
            channel.basic_publish("amq.fanout", "", b"and another")
            until(lambda: told, work, "connection.blocked")
            equal(told[0] in ("low on memory", "low on mem"), True, told)
            time.sleep(0.2)
        until(lambda: "unblocked" in told, work, "connection.unblocked")
        channel.confirm_delivery()
        channel.basic_publish("amq.fanout", "", b"goes on")
        until(
            lambda: other.queue_declare(queue, passive=True).method.message_count >= 2,
            lambda: other.connection.process_data_events(time_limit=0.05),
            "what was published",
        )


if __name__ == "__main__":
    main()
