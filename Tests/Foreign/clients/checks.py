"""Runs the checks of one client script against the hub named on its command line, and says what holds."""

import os
import signal
import subprocess
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from contextlib import contextmanager

SECONDS_PER_CHECK = 20
_checks: list[Callable] = []


def check(function: Callable) -> Callable:
    """Marks a function as one check; it takes the hub's URL, and holds where it returns."""
    _checks.append(function)
    return function


def unique(what: str) -> str:
    """A name that no other check uses, also on a broker that keeps things."""
    return f"foreign.{what}.{uuid.uuid4().hex[:12]}"


def equal(found, wanted, what: str = "") -> None:
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, wanted {wanted!r}")


@contextmanager
def raises(*kinds: type[BaseException], code: int | None = None, text: str = ""):
    """The block must raise one of these, with the reply code and text that the hub sent."""
    try:
        yield
    except kinds as error:
        if code is not None:
            equal(code_of(error), code, f"reply code of {error!r}")
        if text not in str(error):
            raise AssertionError(f"{text!r} is not in {error!r}") from error
        return
    raise AssertionError(f"nothing raised; wanted {' or '.join(kind.__name__ for kind in kinds)} {code or ''}")


def code_of(error: BaseException) -> int | None:
    """The reply code that the hub sent; clients keep it in different places."""
    for name in ("reply_code", "code"):
        if isinstance(getattr(error, name, None), int):
            return getattr(error, name)
    return None


def until(condition: Callable[[], bool], step: Callable[[], None], what: str, seconds: float = 8) -> None:
    """Lets the client work (`step`) until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        step()


@contextmanager
def short_of_memory(fill: Callable[[], None], empty: Callable[[], None]):
    """The hub blocks its publishers while the block runs.

    A RabbitMQ is told to (TEST_HUB_CTL is its rabbitmqctl); a HubSim started with a low --memory-high-bytes is filled.
    """
    control = os.environ.get("TEST_HUB_CTL")
    if not control:
        fill()
        yield
        empty()
        return
    try:
        subprocess.run([control, "set_vm_memory_high_watermark", "0"], check=True, capture_output=True)
        yield
    finally:
        subprocess.run([control, "set_vm_memory_high_watermark", "0.4"], check=True, capture_output=True)


def main() -> None:
    """Runs every check of the script. Exit status: 0 where all hold."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} amqp://guest:guest@127.0.0.1:5672/%2F")
    signal.signal(signal.SIGALRM, _too_long)
    failed = 0
    for function in _checks:
        name = function.__name__.replace("_", " ")
        signal.alarm(SECONDS_PER_CHECK)
        try:
            function(sys.argv[1])
            print(f"ok {name}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
        finally:
            signal.alarm(0)
    if failed or not _checks:
        raise SystemExit(f"{failed} of {len(_checks)} checks do not hold")


def _too_long(_signal, _frame) -> None:
    raise TimeoutError(f"took longer than {SECONDS_PER_CHECK} s")
