"""The AMQP side: takes requests, publishes replies, acknowledges. All of it is one thread's; pika wants it so."""

import collections
import json
import logging
import os
import threading
import time

import pika
from pika import exceptions

EXCHANGE = os.environ.get("MESSAGE_HUB_EXCHANGE", "message_hub")
QUEUE = os.environ.get("MESSAGE_HUB_QUEUE", "storage_service")


class Hub:
    def __init__(self, url, core):
        self.parameters = pika.URLParameters(url)
        self.core = core
        # Called with the channel on every new connection, and after every request.
        self.on_connected, self.after_request, self.before_stop = [], [], []
        self.connection = self.channel = None
        self.stopping = threading.Event()
        # Replies that the hub broke the connection over, and the one that is on its way.
        self.refused, self.answering = collections.Counter(), None
        self.thread = threading.Thread(target=self.run)

    def start(self):
        self.thread.start()

    def stop(self):
        """Finishes the request that is under way; what was delivered ahead goes back to the queue. Any thread may call it."""
        self.stopping.set()
        connection = self.connection
        if connection:
            try:
                connection.add_callback_threadsafe(lambda: self.channel.stop_consuming())
            except exceptions.AMQPError:
                pass  # it is closed already
        self.thread.join()

    def run(self):
        pause = 0.1
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                self.serve()
            except Exception as error:
                # What was not acknowledged is delivered again, and what was carried out is only answered again.
                logging.warning("no hub: %r", error)
                if self.answering:
                    self.refused[self.answering] += 1
                pause = 0.1 if time.monotonic() - began > 10 else min(pause * 2, 5)
                self.stopping.wait(pause)

    def serve(self):
        with pika.BlockingConnection(self.parameters) as self.connection:
            self.channel = channel = self.connection.channel()
            channel.confirm_delivery()
            channel.exchange_declare(EXCHANGE, "topic", durable=True)
            channel.queue_declare(QUEUE, durable=True)
            channel.queue_bind(QUEUE, EXCHANGE, "storage.request")
            channel.basic_qos(prefetch_count=32)
            for hook in self.on_connected:
                hook(channel)
            channel.basic_consume(QUEUE, self.on_request)
            logging.info("answering requests")
            if not self.stopping.is_set():
                channel.start_consuming()
            if self.stopping.is_set():
                for hook in self.before_stop:
                    hook(channel)

    def on_request(self, channel, delivery, properties, body):
        reply = self.core.answer(body)
        self.answer(channel, properties, body, reply)
        # Only now: had the reply got lost, the request would come back.
        channel.basic_ack(delivery.delivery_tag)
        for hook in self.after_request:
            hook(channel)

    def answer(self, channel, properties, body, reply):
        if reply["operation_id"] is None and not properties.reply_to:
            return
        # A reply that the hub always breaks the connection over would come back with its request for ever.
        request = (properties.reply_to, body)
        if self.refused[request] >= 3:
            logging.warning("the hub does not take the reply to %s", properties.reply_to)
            return
        correlation_id = properties.correlation_id
        if correlation_id is None:
            correlation_id = reply["operation_id"]
        exchange, key = ("", properties.reply_to) if properties.reply_to else (EXCHANGE, "storage.response")
        self.answering = request
        try:
            # Returns once the hub has confirmed it.
            channel.basic_publish(
                exchange, key, json.dumps(reply).encode(), mandatory=exchange == "",
                properties=message_properties("storage.response", correlation_id))
        except exceptions.UnroutableError:
            logging.warning("the reply queue %s is gone", key)
        self.refused.clear()
        self.answering = None


def message_properties(type, correlation_id=None):
    if correlation_id is not None and len(correlation_id.encode()) > 255:
        correlation_id = None
    return pika.BasicProperties(
        content_type="application/json", delivery_mode=2, type=type, app_id="storage_service", timestamp=int(time.time()),
        correlation_id=correlation_id, headers={"event_type": type})
