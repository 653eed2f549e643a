"""Looks at the hub's page with a browser, while clients are at work.

    python3 Tests/Foreign/pages/test_hub_page.py PATH/TO/HubSimServer [FOLDER FOR SCREENSHOTS]

Needs pika and Chromium. Exit status 0: all is as it should be.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import pika

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser

HOSTILE = "<img src=x onerror=alert(1)>'\"&amp;\u202e"


class Traffic(threading.Thread):
    """Publishes and consumes until it is told to stop."""

    def __init__(self, url):
        super().__init__(daemon=True)
        parameters = pika.URLParameters(url)
        parameters.client_properties = {"connection_name": "order service"}
        self.connection = pika.BlockingConnection(parameters)
        self.stopping = threading.Event()
        self.ended_by = None

    def run(self):
        try:
            channel = self.connection.channel()
            channel.exchange_declare("orders", "topic", durable=True)
            channel.exchange_declare("audit", "fanout")
            channel.exchange_bind("audit", "orders", "#")
            for name, key in [("invoices", "order.paid"), ("shipping", "order.*"), (HOSTILE, "order.<b>")]:
                channel.queue_declare(name, durable=name != HOSTILE, arguments={"x-max-length": 500})
                channel.queue_bind(name, "orders", key)
            channel.queue_declare("audit-log", arguments={"x-message-ttl": 60000})
            channel.queue_bind("audit-log", "audit")
            channel.basic_qos(prefetch_count=3)
            channel.basic_consume("shipping", lambda c, m, p, b: c.basic_ack(m.delivery_tag), consumer_tag="shipper")
            # This one never acknowledges.
            channel.basic_consume("invoices", lambda *_: None, consumer_tag="slow clerk")
            number = 0
            while not self.stopping.is_set():
                for key in ["order.paid", "order.sent"] + (["order.<b>"] if number % 9 == 0 else []):
                    number += 1
                    body = json.dumps({"order": number, "total": "12.50"}).encode()
                    channel.basic_publish("orders", key, body, pika.BasicProperties(content_type="application/json"))
                self.connection.process_data_events(0.03 + 0.03 * (number // 40 % 3))
        except pika.exceptions.AMQPConnectionError as error:
            self.ended_by = error


def start(program, folder):
    ready = os.path.join(folder, "ready.json")
    process = subprocess.Popen(
        [program, "--port", "0", "--admin-port", "0", "--log-level", "error", "--ready-file", ready],
        stdout=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not os.path.exists(ready):
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit("HubSimServer did not start")
        time.sleep(0.05)
    with open(ready) as file:
        return process, json.load(file)


def check(browser, admin, traffic, shots):
    browser.size(1280, 900)
    browser.open(admin + "/")
    browser.until("document.querySelectorAll('#queues-table tr.line').length === 4")
    browser.until("document.getElementById('dot').classList.contains('live')")
    browser.until("document.querySelectorAll('#connections-table tr.line').length === 1")
    browser.until("[...document.querySelectorAll('#tiles .v')].filter(v => v.textContent !== '0').length >= 4")
    # Rates need some seconds to be seen.
    browser.until("document.querySelector('#queues-table polyline.in').getAttribute('points').split(' ').length > 12", 40)

    hostile = browser.evaluate("[...document.querySelectorAll('#queues-table .name')].map(n => n.textContent)")
    assert any("<img src=x onerror=alert(1)>" in name and "\\u202e" in name for name in hostile), hostile
    assert browser.evaluate("document.querySelectorAll('main img, main b').length") == 0, "a queue's name became markup"
    browser.screenshot(os.path.join(shots, "hub-light.png"))

    # A queue is opened by keyboard alone, and stays focused while the page brings itself up to date.
    browser.evaluate("document.getElementById('filter').focus()")
    browser.press("Tab")
    browser.press("Enter")
    browser.until("document.querySelector('tr.inside h3') !== null")
    browser.until("document.querySelectorAll('tr.inside li').length > 0")
    time.sleep(1.5)
    assert browser.evaluate("document.activeElement.dataset.focus") == "open", "the focus was lost"
    browser.size(1280, 900, dark=True)
    browser.screenshot(os.path.join(shots, "hub-dark.png"))
    browser.size(1280, 900)

    # A plan with mistakes is refused with their places.
    browser.evaluate("document.querySelector('#faults details').open = true")
    browser.evaluate("document.getElementById('plan').value = JSON.stringify({rules: [{id: 'x', fault: {kind: 'no'}}]})")
    browser.evaluate("document.getElementById('arm').click()")
    browser.until("document.getElementById('plan-errors').textContent.includes('rules[0].fault.kind')")
    expected = [problem for problem in browser.problems if "422" in problem]
    browser.problems = [problem for problem in browser.problems if problem not in expected]

    # A phone: nothing is wider than the screen.
    browser.size(390, 844)
    browser.until("window.innerWidth === 390")
    assert browser.evaluate("document.documentElement.scrollWidth <= 390"), "the page is wider than a phone"
    browser.screenshot(os.path.join(shots, "hub-phone.png"))
    browser.size(1280, 900)

    # A connection is closed, after a question.
    browser.evaluate("document.querySelector('#connections-table button.danger').click()")
    browser.until("document.getElementById('ask').open")
    browser.evaluate("document.getElementById('ask-yes').click()")
    browser.until("document.querySelectorAll('#connections-table tr.line').length === 0")
    traffic.join(10)
    assert "320" in str(traffic.ended_by), traffic.ended_by

    assert not browser.problems, browser.problems
    loaded = browser.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert all(name.startswith(admin) or name.startswith("data:") for name in loaded), loaded


def main():
    program = sys.argv[1]
    shots = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="screenshots-")
    os.makedirs(shots, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process, addresses = start(program, folder)
        try:
            traffic = Traffic(addresses["amqp"])
            traffic.start()
            with Browser() as browser:
                check(browser, addresses["admin"], traffic, shots)
            with urllib.request.urlopen(addresses["admin"] + "/metrics") as answer:
                assert b"rabbitmq_connections 0" in answer.read()
            traffic.stopping.set()
        finally:
            process.terminate()
            assert process.wait(40) == 0, "HubSimServer did not stop cleanly"
    print("the hub's page is well; screenshots are in", shots)


if __name__ == "__main__":
    main()
