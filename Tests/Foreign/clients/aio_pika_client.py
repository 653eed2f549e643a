"""What users of aio-pika do with a hub."""

import asyncio
import datetime
import decimal
import logging
from contextlib import asynccontextmanager

import aio_pika
from aio_pika import DeliveryMode, ExchangeType, Message
from aio_pika.patterns import RPC
from aiormq.exceptions import (
    ChannelAccessRefused,
    ChannelLockedResource,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    DeliveryError,
    ProbableAuthenticationError,
    PublishError,
)
from checks import check, equal, main, raises, unique
from yarl import URL


def checked(function):
    """A check that is a coroutine."""

    def run(url):
        asyncio.run(function(url))

    run.__name__ = function.__name__
    return check(run)


@asynccontextmanager
async def opened(url: str, **options):
    async with await aio_pika.connect(url) as connection:
        yield await connection.channel(**options)


@checked
async def connect_with_name_and_heartbeat(url):
    async with await aio_pika.connect(f"{url}?name=aio&heartbeat=1") as connection:
        await asyncio.sleep(2.5)
        await (await connection.channel()).close()
        equal(connection.is_closed, False)


@checked
async def wrong_password_is_refused(url):
    with raises(ProbableAuthenticationError, text="ACCESS_REFUSED"):
        await aio_pika.connect(url.replace("guest:guest", "guest:wrong"))


@checked
async def publish_with_confirms_and_returns(url):
    async with opened(url, on_return_raises=True) as channel:
        queue = await channel.declare_queue(exclusive=True)
        confirmed = await channel.default_exchange.publish(Message(b"x"), queue.name)
        equal(type(confirmed).__name__, "Ack")
        with raises(PublishError):
            await channel.default_exchange.publish(Message(b"x"), unique("nobody"))
    async with opened(url) as channel:
        returned = await channel.default_exchange.publish(Message(b"back"), "nobody")
        equal((returned.delivery.reply_code, returned.delivery.reply_text, returned.body), (312, "NO_ROUTE", b"back"))
        full = await channel.declare_queue(
            exclusive=True, arguments={"x-max-length": 1, "x-overflow": "reject-publish"}
        )
        await channel.default_exchange.publish(Message(b"1"), full.name)
        with raises(DeliveryError):
            await channel.default_exchange.publish(Message(b"2"), full.name)


@checked
async def many_publishes_at_once_are_all_confirmed(url):
    async with opened(url) as channel:
        queue = await channel.declare_queue(exclusive=True)
        await asyncio.gather(
            *[channel.default_exchange.publish(Message(str(n).encode()), queue.name) for n in range(300)]
        )
        counted = await channel.declare_queue(queue.name, passive=True)
        equal(counted.declaration_result.message_count, 300)


@checked
async def iterate_with_prefetch_and_acknowledge(url):
    async with opened(url) as channel:
        await channel.set_qos(prefetch_count=2)
        queue = await channel.declare_queue(exclusive=True)
        for number in range(4):
            await channel.default_exchange.publish(Message(str(number).encode()), queue.name)
        got = []
        async with queue.iterator(timeout=5) as messages:
            async for message in messages:
                got.append((message.body, message.redelivered))
                if len(got) == 1:
                    await message.reject(requeue=True)
                elif len(got) == 2:
                    await message.nack(requeue=False)
                else:
                    await message.ack()
                if len(got) == 5:
                    break
        equal(sorted(got), [(b"0", False), (b"0", True), (b"1", False), (b"2", False), (b"3", False)])
        equal(await queue.get(fail=False), None)


@checked
async def exclusive_and_missing_queues(url):
    async with opened(url) as mine, opened(url) as other:
        queue = await mine.declare_queue(exclusive=True)
        with raises(ChannelLockedResource):
            await other.declare_queue(queue.name, passive=True)
    async with opened(url) as channel:
        with raises(ChannelNotFoundEntity):
            await channel.declare_queue(unique("no"), passive=True)
    async with opened(url) as channel:
        with raises(ChannelAccessRefused):
            await channel.declare_queue("amq.mine")
    async with opened(url) as channel:
        name = unique("queue")
        await channel.declare_queue(name, auto_delete=True)
        with raises(ChannelPreconditionFailed):
            await channel.declare_queue(name, auto_delete=False)


@checked
async def dead_letters_after_time_to_live(url):
    async with opened(url) as channel:
        exchange = await channel.declare_exchange(unique("dead"), ExchangeType.FANOUT, auto_delete=True)
        grave = await channel.declare_queue(exclusive=True)
        await grave.bind(exchange)
        queue = await channel.declare_queue(
            exclusive=True, arguments={"x-dead-letter-exchange": exchange.name, "x-message-ttl": 100}
        )
        await channel.default_exchange.publish(Message(b"old", expiration=60), queue.name)
        async with grave.iterator(timeout=5) as messages:
            async for message in messages:
                async with message.process():
                    (death,) = message.headers["x-death"]
                    equal((death["reason"], death["queue"], death["count"]), ("expired", queue.name, 1))
                    break


@checked
async def remote_procedure_calls(url):
    async with await aio_pika.connect(url) as connection:
        server = await RPC.create(await connection.channel())

        async def double(*, number: int) -> int:
            return number * 2

        name = unique("double")
        await server.register(name, double, auto_delete=True)
        client = await RPC.create(await connection.channel())
        equal(await asyncio.gather(*[client.call(name, {"number": n}) for n in range(20)]), list(range(0, 40, 2)))
        await client.close()
        await server.close()


@checked
async def direct_reply_to(url):
    async with opened(url) as asking, opened(url) as answering:
        queue = await answering.declare_queue(exclusive=True)

        async def answer(message):
            async with message.process():
                await answering.default_exchange.publish(
                    Message(message.body.upper(), correlation_id=message.correlation_id), message.reply_to
                )

        await queue.consume(answer)
        reply = asyncio.get_running_loop().create_future()
        replies = await asking.get_queue("amq.rabbitmq.reply-to", ensure=False)
        await replies.consume(reply.set_result, no_ack=True)
        await asking.default_exchange.publish(
            Message(b"question", correlation_id="1", reply_to="amq.rabbitmq.reply-to"), queue.name
        )
        message = await asyncio.wait_for(reply, 5)
        equal((message.body, message.correlation_id), (b"QUESTION", "1"))


@checked
async def exchanges_of_every_kind(url):
    async with opened(url) as channel:
        queue = await channel.declare_queue(exclusive=True)
        for kind, key, sent, arguments, headers in [
            (ExchangeType.DIRECT, "key", "key", None, {}),
            (ExchangeType.FANOUT, "", "any", None, {}),
            (ExchangeType.TOPIC, "a.#", "a.b.c", None, {}),
            (ExchangeType.HEADERS, "", "", {"x-match": "any", "x": 1}, {"x": 1, "y": 2}),
        ]:
            exchange = await channel.declare_exchange(unique(kind.value), kind, auto_delete=True)
            first = await channel.declare_exchange(unique("first"), ExchangeType.FANOUT, auto_delete=True)
            await exchange.bind(first)
            await queue.bind(exchange, key, arguments=arguments)
            await first.publish(Message(kind.value.encode(), headers=headers), sent, mandatory=True)
            equal((await queue.get(timeout=5, no_ack=True)).body, kind.value.encode())
            await queue.unbind(exchange, key, arguments=arguments)


@checked
async def transactions(url):
    async with opened(url, publisher_confirms=False) as channel, opened(url) as other:
        queue = await other.declare_queue(unique("tx"), auto_delete=True)
        try:
            async with channel.transaction():
                await channel.default_exchange.publish(Message(b"rolled back"), queue.name)
                raise ValueError
        except ValueError:
            pass
        async with channel.transaction():
            await channel.default_exchange.publish(Message(b"committed"), queue.name)
            equal(await queue.get(fail=False), None)
        equal((await queue.get(timeout=5, no_ack=True)).body, b"committed")
        equal(await queue.get(fail=False), None)
        await queue.delete()


@checked
async def everything_in_properties_and_headers(url):
    headers = {
        "bool": True, "int": 42, "long": 2**40, "float": 0.5, "text": "☃", "nothing": None,
        "decimal": decimal.Decimal("3.14"), "list": [1, "two", [3.5, None]], "table": {"a": {"b": [True]}},
        "time": datetime.datetime(2026, 2, 28, 12, 30, tzinfo=datetime.timezone.utc),
    }  # fmt: skip
    wanted = dict(
        content_type="text/plain", content_encoding="utf-8", delivery_mode=DeliveryMode.PERSISTENT, priority=3,
        correlation_id="c", reply_to="r", expiration=60, message_id="m", type="t", user_id="guest", app_id="a",
        timestamp=datetime.datetime(2026, 2, 28, 12, 30, 15, tzinfo=datetime.timezone.utc),
    )  # fmt: skip
    async with opened(url) as channel:
        queue = await channel.declare_queue(exclusive=True)
        body = "körper 🎈".encode() * 40_000
        await channel.default_exchange.publish(Message(body, headers=headers, **wanted), queue.name)
        message = await queue.get(timeout=5, no_ack=True)
        equal(message.body == body, True, "body")
        for name, value in headers.items():
            equal(message.headers.get(name), value, f"header {name!r}")
        for name, value in wanted.items():
            equal(getattr(message, name), value, name)


@asynccontextmanager
async def breakable(url: str):
    """The hub's URL through a gateway that can be made to break every connection at once."""
    hub, ends = URL(url), []

    async def pipe(reader, writer):
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # Broken, as was asked for.
        finally:
            writer.close()

    async def connected(reader, writer):
        hub_reader, hub_writer = await asyncio.open_connection(hub.host, hub.port)
        ends.extend([writer, hub_writer])
        await asyncio.gather(pipe(reader, hub_writer), pipe(hub_reader, writer))

    def break_all():
        for writer in ends:
            writer.transport.abort()
        ends.clear()

    gateway = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield str(hub.with_port(gateway.sockets[0].getsockname()[1])), break_all
    finally:
        gateway.close()
        break_all()


@checked
async def a_robust_connection_takes_up_its_consumers_again(url):
    async with (
        breakable(url) as (gateway, break_all),
        await aio_pika.connect_robust(gateway, reconnect_interval=0.1) as connection,
    ):
        channel = await connection.channel()
        queue = await channel.declare_queue(unique("robust"), auto_delete=False)
        got = asyncio.Queue()
        await queue.consume(got.put, no_ack=True)
        reconnected = asyncio.Event()
        connection.reconnect_callbacks.add(lambda *_: reconnected.set())
        break_all()  # Nobody says goodbye.
        await asyncio.wait_for(reconnected.wait(), 10)
        async with opened(url) as other:
            await other.default_exchange.publish(Message(b"after"), queue.name)
        equal((await asyncio.wait_for(got.get(), 10)).body, b"after")
        await queue.delete(if_unused=False, if_empty=False)


@checked
async def the_hub_cancels_a_consumer(url):
    async with opened(url) as channel, opened(url) as other:
        queue = await channel.declare_queue(unique("cancelled"))
        cancelled = asyncio.get_running_loop().create_future()
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(cancelled.set_result)
        tag = await queue.consume(print)
        await other.queue_delete(queue.name)
        equal((await asyncio.wait_for(cancelled, 5)).consumer_tag, tag)


if __name__ == "__main__":
    logging.disable()  # What the client logs of the errors that are asked for here.
    main()
