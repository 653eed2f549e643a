"""A pytest plugin: the fixtures that aiormq's tests take from a file that its source package leaves out.

They come from the environment, which the run sets for every suite.
"""

import os
from dataclasses import dataclass

import pytest
from yarl import URL


@dataclass
class Broker:
    """What the tests ask of the container that their broker runs in."""

    host: str
    ports: dict[str, int]


@pytest.fixture(scope="session")
def rabbitmq_container() -> Broker:
    return Broker(
        os.environ["RABBITMQ_HOST"],
        {"5672/tcp": int(os.environ["RABBITMQ_5672_TCP"]), "5671/tcp": int(os.environ["RABBITMQ_5671_TCP"])},
    )


@pytest.fixture(scope="session")
def amqp_direct_url(rabbitmq_container: Broker) -> URL:
    return URL.build(
        scheme="amqp",
        user="guest",
        password="guest",
        host=rabbitmq_container.host,
        port=rabbitmq_container.ports["5672/tcp"],
        path="//",
    )
