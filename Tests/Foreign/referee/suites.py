"""The suites that others wrote, and how each finds its broker."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Suite:
    """The live-broker tests in one source package of PyPI."""

    package: str
    paths: tuple[str, ...]
    #: The suite asks Docker for its broker, instead of looking into the environment.
    wants_container: bool = False
    #: Where the suite looks for certificates, inside its source.
    certificates: str | None = None
    pytest_options: tuple[str, ...] = ()
    #: Takes many minutes, mostly waiting: runs only where it is named, or with `long`.
    is_long: bool = False

    def environment(self, port: int, tls_port: int | None) -> dict[str, str]:
        """What leads a suite without containers to the hub."""
        # Port 1 where there is no TLS: the suites' tests of TLS are then refused at once.
        return {
            "RABBITMQ_HOST": "127.0.0.1",
            "RABBITMQ_5672_TCP": str(port),
            "RABBITMQ_5671_TCP": str(tls_port or 1),
        }


SUITES = (
    Suite("amqp", ("t/integration",), certificates="t/certs"),
    Suite("kombu", ("t/integration/test_py_amqp.py",)),
    Suite("aiormq", ("tests",), pytest_options=("-p", "referee.aiormq_broker"), is_long=True),
    Suite("aio_pika", ("tests",), wants_container=True, is_long=True),
)

#: Our own scripts; each takes the hub's URL and says "ok NAME" for everything that holds.
CLIENTS = ("pika_blocking", "pika_select", "aio_pika_client", "amqp_tools")


def unpacked(sources: Path, suite: Suite) -> Path:
    """The folder of a suite's source package."""
    found = [path for path in sources.glob(f"{suite.package}-*") if path.is_dir()]
    if len(found) != 1:
        raise RuntimeError(f"{len(found)} source folders of {suite.package} under {sources}")
    return found[0]
