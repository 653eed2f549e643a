"""A tiny Storage Service: python3 service.py [--hub URL] [--port PORT] [--data FILE] PROFILE…"""

import argparse
import importlib
import logging
import signal

from core import Core
from hub import Hub
from store import Store


class Service:
    def __init__(self, arguments):
        self.arguments = arguments
        self.store = Store(arguments.data)
        self.core = Core(self.store)
        self.hub = Hub(arguments.hub, self.core)
        self.url = f"http://127.0.0.1:{arguments.port}"
        # What is to be started before the hub and stopped after it.
        self.parts = []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hub", default="amqp://guest:guest@127.0.0.1:5672/%2F")
    parser.add_argument("--port", type=int, default=9000, help="of the asset API")
    parser.add_argument("--data", default=":memory:", help="a file that outlives the process")
    parser.add_argument("profiles", nargs="*", help="beside core: listing, assets, versions, events, discovery")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    logging.getLogger("pika").setLevel(logging.CRITICAL)

    # Before any thread is there, so that the signal waits for the main one.
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    service = Service(arguments)
    for profile in arguments.profiles:
        importlib.import_module(profile).install(service)
    parts = [*service.parts, service.hub]
    for part in parts:
        part.start()
    signal.sigwait(signals)
    for part in reversed(parts):
        part.stop()


if __name__ == "__main__":
    main()
