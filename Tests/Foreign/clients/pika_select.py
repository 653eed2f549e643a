"""What users of pika's SelectConnection, driven by callbacks alone, do with a hub."""

import pika
from checks import check, equal, main, unique
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker, ProbableAuthenticationError


class Story:
    """One connection whose callbacks tell the story; the check ends with `done` or with what a callback raised."""

    def __init__(self, url: str, **more) -> None:
        parameters = pika.URLParameters(url)
        for name, value in more.items():
            setattr(parameters, name, value)
        self.closed_with = None
        self.error = None
        self.is_done = False
        self.connection = pika.SelectConnection(
            parameters,
            on_open_callback=self._guarded(self.opened),
            on_open_error_callback=self._ended,
            on_close_callback=self._ended,
        )

    def opened(self, connection) -> None:
        connection.channel(on_open_callback=self._guarded(self.begin))

    def begin(self, channel) -> None:
        raise NotImplementedError

    def done(self) -> None:
        self.is_done = True
        self.connection.close()

    def run(self) -> "Story":
        self.connection.ioloop.start()
        if self.error:
            raise self.error
        return self

    def tell(self, function):
        """A callback that may fail: the failure ends the check instead of pika's loop."""
        return self._guarded(function)

    def _guarded(self, function):
        def guarded(*arguments):
            try:
                function(*arguments)
            except Exception as error:
                self.error = error
                self.connection.ioloop.stop()

        return guarded

    def _ended(self, _connection, reason) -> None:
        self.closed_with = reason
        self.connection.ioloop.stop()


@check
def open_and_close(url):
    class Opening(Story):
        def begin(self, channel):
            channel.add_on_close_callback(self.tell(lambda _channel, reason: self.done()))
            channel.close()

    story = Opening(url, client_properties={"connection_name": "select"}).run()
    equal((story.is_done, story.closed_with.reply_code), (True, 200))


@check
def login_refused(url):
    class Refused(Story):
        pass

    story = Refused(url, credentials=pika.PlainCredentials("nobody", "at all")).run()
    equal(isinstance(story.closed_with, ProbableAuthenticationError), True, repr(story.closed_with))


@check
def confirms_come_for_every_publish_and_returns_before_them(url):
    class Confirming(Story):
        def begin(self, channel):
            self.channel, self.seen = channel, []
            channel.add_on_return_callback(self.tell(self.returned))
            channel.confirm_delivery(self.tell(self.confirmed), callback=self.tell(self.publish))

        def publish(self, _frame):
            for number in range(100):
                self.channel.basic_publish("amq.fanout", "", str(number).encode())
            self.channel.basic_publish("", unique("nobody"), b"back", mandatory=True)

        def returned(self, _channel, method, _properties, body):
            self.seen.append(("return", method.reply_code, body))

        def confirmed(self, frame):
            method = frame.method
            equal(isinstance(method, pika.spec.Basic.Ack), True, repr(method))
            first = max([tag for kind, tag, *_ in self.seen if kind == "ack"], default=0) + 1
            self.seen += [("ack", tag) for tag in range(first if method.multiple else method.delivery_tag, method.delivery_tag + 1)]
            if method.delivery_tag == 101:
                self.done()

    story = Confirming(url).run()
    acks = sorted(tag for kind, tag, *_ in story.seen if kind == "ack")
    equal(acks, list(range(1, 102)))
    returned = story.seen.index(("return", 312, b"back"))
    equal(returned < story.seen.index(("ack", 101)), True, "the return comes before its confirm")


@check
def a_refused_publish_is_nacked(url):
    class Refused(Story):
        def begin(self, channel):
            self.channel, self.queue, self.answers = channel, unique("full"), []
            channel.confirm_delivery(self.tell(self.confirmed))
            channel.queue_declare(
                self.queue,
                exclusive=True,
                arguments={"x-max-length": 1, "x-overflow": "reject-publish"},
                callback=self.tell(self.publish),
            )

        def publish(self, _frame):
            for body in (b"1", b"2"):
                self.channel.basic_publish("", self.queue, body)

        def confirmed(self, frame):
            self.answers.append((type(frame.method).__name__, frame.method.delivery_tag))
            if len(self.answers) == 2:
                self.done()

    equal(sorted(Refused(url).run().answers), [("Ack", 1), ("Nack", 2)])


@check
def consume_with_prefetch_then_cancel(url):
    class Consuming(Story):
        def begin(self, channel):
            self.channel, self.bodies = channel, []
            channel.queue_declare("", exclusive=True, callback=self.tell(self.declared))

        def declared(self, frame):
            self.queue = frame.method.queue
            for number in range(1000):
                self.channel.basic_publish("", self.queue, str(number).encode())
            self.channel.basic_qos(prefetch_count=10, callback=self.tell(self.consume))

        def consume(self, _frame):
            self.tag = self.channel.basic_consume(self.queue, self.tell(self.delivered))

        def delivered(self, channel, method, _properties, body):
            self.bodies.append(body)
            if method.delivery_tag % 10 == 0:
                channel.basic_ack(method.delivery_tag, multiple=True)
            if len(self.bodies) == 1000:
                channel.basic_cancel(self.tag, callback=self.tell(lambda _frame: self.done()))

    equal(Consuming(url).run().bodies, [str(number).encode() for number in range(1000)])


@check
def the_hub_cancels_a_consumer(url):
    class Cancelled(Story):
        def begin(self, channel):
            self.channel, self.queue = channel, unique("cancelled")
            channel.add_on_cancel_callback(self.tell(self.cancelled))
            channel.queue_declare(self.queue, auto_delete=True, callback=self.tell(self.declared))

        def declared(self, _frame):
            self.tag = self.channel.basic_consume(self.queue, print, callback=self.tell(self.consuming))

        def consuming(self, _frame):
            self.channel.queue_delete(self.queue)

        def cancelled(self, frame):
            equal(frame.method.consumer_tag, self.tag)
            self.done()

    equal(Cancelled(url).run().is_done, True)


@check
def errors_close_channel_or_connection(url):
    class Wrong(Story):
        def begin(self, channel):
            channel.add_on_close_callback(self.tell(self.channel_closed))
            channel.queue_declare(unique("no"), passive=True)

        def channel_closed(self, _channel, reason):
            equal((type(reason), reason.reply_code), (ChannelClosedByBroker, 404))
            self.connection.channel(on_open_callback=self.tell(self.again))

        def again(self, channel):
            channel.exchange_declare(unique("odd"), "odd")

    closed = Wrong(url).run().closed_with
    equal((type(closed), closed.reply_code), (ConnectionClosedByBroker, 503))
    equal(closed.reply_text, "COMMAND_INVALID - unknown exchange type 'odd'")


@check
def methods_without_an_answer(url):
    class Silent(Story):
        def begin(self, channel):
            queue, exchange = unique("nowait"), unique("nowait")
            # Without a callback pika sends these with the bit no-wait.
            channel.exchange_declare(exchange, "fanout", auto_delete=True)
            channel.queue_declare(queue, exclusive=True)
            channel.queue_bind(queue, exchange)
            channel.basic_publish(exchange, "", b"through")
            channel.basic_get(queue, self.tell(self.got), auto_ack=True)

        def got(self, _channel, method, _properties, body):
            equal((method.message_count, body), (0, b"through"))
            self.done()

    equal(Silent(url).run().is_done, True)


@check
def channel_flow_is_answered(url):
    class Flowing(Story):
        def begin(self, channel):
            channel.flow(True, callback=self.tell(self.answered))

        def answered(self, is_active):
            equal(is_active, True)
            self.done()

    equal(Flowing(url).run().is_done, True)


if __name__ == "__main__":
    main()
