"""What users of Debian's amqp-tools (librabbitmq's command line) do with a hub, in a shell."""

import os
import subprocess

from checks import check, equal, main, unique


def tool(name: str, url: str, *arguments: str, input: bytes = b"", status: int = 0, error: str = "") -> bytes:
    """Runs one of the tools; its exit status, and what it says on standard error, must be as wanted."""
    done = subprocess.run([f"amqp-{name}", "--url", url, *arguments], input=input, capture_output=True, timeout=15)
    said = done.stderr.decode()
    equal(done.returncode, status, f"exit status of amqp-{name} {arguments}, which said {said!r}")
    if error not in said:
        raise AssertionError(f"{error!r} is not in {said!r}")
    return done.stdout


def declared(url: str, *arguments: str) -> str:
    return tool("declare-queue", url, *arguments).decode().strip()


@check
def declare_publish_get_delete(url):
    queue = unique("tools")
    equal(declared(url, "--queue", queue), queue)
    tool("publish", url, "--routing-key", queue, "--body", "grüße ☃")
    tool("publish", url, "--routing-key", queue, "--persistent", "--content-type", "text/plain", input=b"from input")
    equal(tool("get", url, "--queue", queue).decode(), "grüße ☃")
    equal(tool("get", url, "--queue", queue), b"from input")
    tool("get", url, "--queue", queue, status=2)
    tool("publish", url, "--routing-key", queue, "--body", "left")
    equal(tool("delete-queue", url, "--queue", queue).strip(), b"1")
    tool("get", url, "--queue", queue, status=1, error="404")


@check
def a_queue_without_a_name(url):
    queue = declared(url, "--durable", "--queue", "")
    equal(queue.startswith("amq.gen-"), True, queue)
    tool("delete-queue", url, "--queue", queue)


@check
def consume_a_number_of_messages(url):
    queue = declared(url, "--queue", unique("tools"))
    for number in range(5):
        tool("publish", url, "--routing-key", queue, "--body", str(number))
    equal(tool("consume", url, "--queue", queue, "--count", "3", "--prefetch-count", "1", "cat"), b"012")
    # The two that are left were never under way, or came back.
    equal(tool("consume", url, "--queue", queue, "--count", "2", "--no-ack", "cat"), b"34")
    tool("delete-queue", url, "--queue", queue)


@check
def a_failing_consumer_keeps_its_message(url):
    queue = declared(url, "--queue", unique("tools"))
    tool("publish", url, "--routing-key", queue, "--body", "keep me")
    subprocess.run(
        ["amqp-consume", "--url", url, "--queue", queue, "--count", "1", "false"], capture_output=True, timeout=15
    )
    equal(tool("get", url, "--queue", queue), b"keep me")
    tool("delete-queue", url, "--queue", queue)


@check
def consume_from_an_exchange(url):
    key = unique("key")
    consumer = subprocess.Popen(
        ["amqp-consume", "--url", url, "--exchange", "amq.topic", "--routing-key", f"{key}.#", "--count", "1", "cat"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        # Its queue is its own and it does not say when it is bound: publish until it has had enough.
        for _ in range(50):
            tool("publish", url, "--exchange", "amq.topic", "--routing-key", f"{key}.x", "--body", "routed")
            try:
                consumer.wait(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                continue
        output, _ = consumer.communicate(timeout=5)
    finally:
        consumer.kill()
        consumer.wait()
    equal(output, b"routed")


@check
def headers_and_a_large_body(url):
    queue = declared(url, "--queue", unique("tools"))
    body = os.urandom(1 << 20)
    tool("publish", url, "--routing-key", queue, "--header", "colour: blue", "--reply-to", "somewhere", input=body)
    equal(tool("get", url, "--queue", queue) == body, True, "a mebibyte comes through")
    tool("delete-queue", url, "--queue", queue)


@check
def errors_are_told(url):
    tool("delete-queue", url, "--queue", unique("no"))  # To delete what is not there is no error.
    tool("consume", url, "--queue", unique("no"), "cat", status=1, error="404")
    tool("declare-queue", url, "--queue", "amq.mine", status=1, error="403")
    tool("get", url.replace("guest:guest", "guest:wrong"), "--queue", "x", status=1, error="403")


if __name__ == "__main__":
    main()
