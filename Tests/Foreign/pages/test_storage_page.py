"""Looks at the storage's page with a browser, while clients are at work.

    python3 Tests/Foreign/pages/test_storage_page.py PATH/TO/ImageService [FOLDER FOR SCREENSHOTS]

Needs Chromium. Exit status 0: all is as it should be.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser

IMAGES = pathlib.Path(__file__).resolve().parents[3] / "fixtures/images/good"
HOSTILE = "<img src=x onerror=alert(1)>'\"&amp;"
PICTURES = ["png-rgb-8.png", "apng.png", "gif-animated.gif"]


def start(program, folder):
    ready = os.path.join(folder, "ready.json")
    process = subprocess.Popen(
        [program, "dev", "--port", "0", "--storage-timeout-ms", "1000", "--log-level", "error", "--ready-file", ready],
        stdout=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not os.path.exists(ready):
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit("ImageService did not start")
        time.sleep(0.05)
    with open(ready) as file:
        return process, json.load(file)


def ask(url, method="GET", body=None, headers=None):
    """The status of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}, method=method)) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def upload(http, file, name):
    boundary = uuid.uuid4().hex
    parts = b""
    for key, value in {"type": "portrait", "subtype": "character", "name": name, "theme": "fantasy"}.items():
        parts += f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    parts += (f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n'
              'Content-Type: image/png\r\n\r\n').encode() + (IMAGES / file).read_bytes()
    parts += f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    assert ask(http + "/api/v2/images/", "POST", parts, kind) == 201


def text(browser, selector):
    return browser.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map(n => n.textContent)")


def wait_for_rules(admin, count):
    """Waits until so many rules are armed."""
    end = time.monotonic() + 20
    while True:
        with urllib.request.urlopen(admin + "/_sim/faults") as answer:
            rules = json.load(answer)["rules"]
        if len(rules) == count:
            return
        assert time.monotonic() < end, rules
        time.sleep(0.02)


def check(browser, addresses, shots):
    admin, http = addresses["admin"], addresses["http"]
    browser.size(1280, 900)
    browser.open(admin + "/")
    browser.until("document.getElementById('dot').classList.contains('live')")
    browser.until("!document.getElementById('images-empty').hidden")
    for number in range(7):
        upload(http, PICTURES[number % len(PICTURES)], HOSTILE if number == 6 else f"Portrait {number}")
    browser.until("document.querySelectorAll('#images-list img').length === 7")
    browser.until("[...document.querySelectorAll('#images-list img')].every(i => i.complete && i.naturalWidth > 0)")
    assert HOSTILE in text(browser, "#images-list .strong"), "a name is not told as it is"
    assert browser.evaluate("document.querySelectorAll('#images-list img[src=x]').length") == 0, "a name became markup"

    # Faults are armed on the page, strike, and are seen with the request that they struck.
    plan = {"seed": 1, "rules": [
        {"id": "nonsense", "match": {"operation": "list_images"}, "fault": {"kind": "malformed_reply"}},
        {"id": "gone", "match": {"route": "GET /api/v2/assets/*"}, "fault": {"kind": "http_reset"}}]}
    browser.evaluate("document.querySelector('#faults details').open = true")
    browser.evaluate(f"document.getElementById('plan').value = {json.dumps(json.dumps(plan))}")
    browser.evaluate("document.getElementById('arm').click()")
    browser.until("document.querySelectorAll('#faults-table input:checked').length === 2")
    assert ask(http + "/api/v2/images/") == 502
    browser.until("document.querySelector('#traffic-table').textContent.includes('malformed_reply')")
    browser.until("document.querySelector('#traffic-table').textContent.includes('unreadable')")
    browser.until("[...document.querySelectorAll('#faults-table tr.line')].some(r => r.lastChild.textContent === '1')")
    browser.screenshot(os.path.join(shots, "storage-light.png"))

    # A switch takes its rule out of the plan, and puts it back.
    browser.evaluate("document.querySelector('#faults-table input').click()")
    wait_for_rules(admin, 1)
    assert ask(http + "/api/v2/images/") == 200
    browser.until("[...document.querySelectorAll('#faults-table input')].some(i => !i.checked)")
    browser.evaluate("[...document.querySelectorAll('#faults-table input')].find(i => !i.checked).click()")
    wait_for_rules(admin, 2)
    assert ask(http + "/api/v2/images/") == 502
    # In its place: the first rule that fires wins.
    with urllib.request.urlopen(admin + "/_sim/faults") as answer:
        assert [rule["id"] for rule in json.load(answer)["rules"]] == ["nonsense", "gone"]
    browser.until("[...document.querySelectorAll('#faults-table tr.line .strong')].map(n => n.textContent).join() === 'nonsense,gone'")
    browser.evaluate("document.getElementById('disarm').click()")
    browser.until("document.querySelectorAll('#faults-table tr.line').length === 0")

    # A namespace has images of its own.
    namespace = {"X-Sim-Namespace": "test-7"}
    digest = "0" * 64
    assert ask(f"{addresses['storage']}/api/v2/assets/{digest}", headers=namespace) == 404
    browser.until("document.querySelectorAll('#namespace option').length === 2")
    browser.evaluate("document.getElementById('namespace').value = 'test-7'")
    browser.evaluate("document.getElementById('namespace').dispatchEvent(new Event('change'))")
    browser.until("document.querySelectorAll('#images-list li').length === 0")
    browser.until("document.querySelector('#traffic-table').textContent.includes('404')")
    browser.evaluate("document.getElementById('namespace').value = ''")
    browser.evaluate("document.getElementById('namespace').dispatchEvent(new Event('change'))")
    browser.until("document.querySelectorAll('#images-list img').length === 7")

    browser.size(1280, 900, dark=True)
    browser.screenshot(os.path.join(shots, "storage-dark.png"))
    browser.size(390, 844)
    browser.until("window.innerWidth === 390")
    assert browser.evaluate("document.documentElement.scrollWidth <= 390"), "the page is wider than a phone"
    browser.screenshot(os.path.join(shots, "storage-phone.png"))
    browser.size(1280, 900)

    assert not browser.problems, browser.problems
    loaded = browser.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert all(name.startswith(admin) or name.startswith("data:") for name in loaded), loaded

    # The hub's page stands beside it.
    browser.open(admin + "/hub")
    browser.until("document.querySelectorAll('#queues-table tr.line').length > 0")
    assert not browser.problems, browser.problems


def main():
    program = sys.argv[1]
    shots = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="screenshots-")
    os.makedirs(shots, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process, addresses = start(program, folder)
        try:
            with Browser() as browser:
                check(browser, addresses, shots)
        finally:
            process.terminate()
            assert process.wait(40) == 0, "ImageService did not stop cleanly"
    print("the storage's page is well; screenshots are in", shots)


if __name__ == "__main__":
    main()
