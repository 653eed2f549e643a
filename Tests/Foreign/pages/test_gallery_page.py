"""Looks at the gallery with a browser, while somebody else changes an image.

    python3 Tests/Foreign/pages/test_gallery_page.py PATH/TO/ImageService [FOLDER FOR SCREENSHOTS]

Needs Chromium. Exit status 0: all is as it should be.
"""

import json
import os
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser
from test_storage_page import ask, start, upload


def records(http):
    with urllib.request.urlopen(http + "/api/v2/images/") as answer:
        return json.load(answer)


def change(url, fields):
    assert ask(url, "PATCH", json.dumps(fields).encode(), {"Content-Type": "application/json"}) == 200


def look(browser, http, shot):
    upload(http, "png-rgb-8.png", "first")
    image = records(http)[0]
    url = f"{http}/api/v2/images/{image['id']}"
    browser.size(1200, 800)
    browser.open(http + "/")
    browser.until("document.querySelectorAll('.card').length === 1")

    # Nobody else is there: a change is saved, and the next one too.
    browser.evaluate("document.querySelector('.card').click()")
    for name in ["second", "third"]:
        browser.until("!document.querySelector('#save').disabled")
        browser.evaluate(f"document.forms.edit.elements.name.value = '{name}'; document.querySelector('#save').click()")
        browser.until(f"document.querySelector('#view-title').textContent === '{name}'")
    browser.until("!document.querySelector('#save').disabled")

    # Somebody else changes a label, not the version: what they did stays.
    change(url, {"theme": "theirs"})
    browser.evaluate("document.forms.edit.elements.name.value = 'mine'; document.querySelector('#save').click()")
    browser.until("document.querySelector('#view-trouble').textContent.includes('Somebody else')")
    shot("gallery-conflict")
    assert (records(http)[0]["name"], records(http)[0]["metadata"]["theme"]) == ("third", "theirs")

    # Who looks again sees it, and can save.
    browser.evaluate("document.querySelector('#view [data-close]').click()")
    browser.evaluate("document.querySelector('.card').click()")
    browser.until("!document.querySelector('#save').disabled && document.forms.edit.elements.theme.value === 'theirs'")
    browser.evaluate("document.forms.edit.elements.name.value = 'mine'; document.querySelector('#save').click()")
    browser.until("document.querySelector('#view-title').textContent === 'mine'")
    assert (records(http)[0]["name"], records(http)[0]["metadata"]["theme"]) == ("mine", "theirs")
    browser.evaluate("document.querySelector('#view [data-close]').click()")

    # A new version, too, is not put over what somebody else did meanwhile.
    browser.evaluate("document.querySelector('.card').click()")
    browser.until("!document.querySelector('#new-version-button').disabled")
    change(url, {"theme": "late"})
    choose_version = """
        fetch('/api/v2/images/%s/content').then(answer => answer.blob()).then(blob => {
            const input = document.querySelector('#new-version'), files = new DataTransfer();
            files.items.add(new File([blob], 'new.png', { type: 'image/png' }));
            input.files = files.files;
            input.dispatchEvent(new Event('change'));
        }); true""" % image["id"]
    browser.evaluate(choose_version)
    browser.until("!document.querySelector('#view-trouble').hidden")
    assert "Somebody else" in browser.evaluate("document.querySelector('#view-trouble').textContent")
    assert records(http)[0]["version"] == 1
    browser.evaluate("document.querySelector('#view [data-close]').click()")
    browser.evaluate("document.querySelector('.card').click()")
    browser.until("!document.querySelector('#new-version-button').disabled && document.forms.edit.elements.theme.value === 'late'")
    browser.evaluate(choose_version)
    browser.until("document.querySelectorAll('#versions > *').length === 2")
    assert records(http)[0]["version"] == 2
    shot("gallery-versions")
    browser.evaluate("document.querySelector('#view [data-close]').click()")

    # What is wrong with a field is said beside it, and nothing says that it was saved.
    browser.evaluate("document.querySelector('.card').click()")
    browser.until("!document.querySelector('#save').disabled")
    browser.evaluate("document.forms.edit.elements.name.value = '   '; document.querySelector('#save').click()")
    browser.until("!document.querySelector('#view-trouble').hidden")
    said = browser.evaluate("document.querySelector('#view-trouble').textContent")
    assert said == "Name should have at least 1 character that is not white space.", said
    assert browser.evaluate("document.querySelectorAll('#toasts .told').length") == 0
    shot("gallery-trouble")

    # Deleting by keyboard: Undo is where the keyboard is, and its time stands still while somebody is there.
    browser.evaluate("document.querySelector('#delete').focus()")
    browser.press("Enter")
    browser.until("document.activeElement.textContent === 'Undo'")
    assert browser.evaluate("document.querySelectorAll('.card').length") == 0
    shot("gallery-undo")
    browser.press("Enter")
    browser.until("document.activeElement.matches('.card')")
    assert len(records(http)) == 1

    # A filter that matches nothing.
    browser.evaluate("const f = document.querySelector('#filter-type'); f.value = 'none such';"
                     "f.dispatchEvent(new Event('input'))")
    browser.until("!document.querySelector('#empty').hidden")
    assert browser.evaluate("document.querySelector('#empty').innerText.trim()") == "No image matches."

    # On a phone the name of a file keeps its room beside a long error.
    browser.size(375, 700)
    browser.evaluate("""
        document.querySelector('#upload-open').click();
        choose([new File(['x'], 'holiday-in-the-mountains.png', { type: 'image/png' })]);
        files[0].status = 'failed'; files[0].error = 'This is no image of a format that the service takes. '.repeat(3);
        drawFiles()""")
    browser.until("document.querySelector('#files .name').getBoundingClientRect().width > 100")
    assert browser.evaluate("document.querySelector('#upload').scrollWidth <= document.querySelector('#upload').clientWidth")
    shot("gallery-phone")

    # Without an Undo the image is gone.
    browser.evaluate("document.querySelector('#upload [data-close]').click()")
    browser.evaluate("f.value = ''; f.dispatchEvent(new Event('input'))")
    browser.until("document.querySelectorAll('.card').length === 1")
    browser.evaluate("document.querySelector('.card').click()")
    browser.until("document.querySelector('#view').open")
    browser.evaluate("document.querySelector('#delete').click()")
    browser.until("document.querySelectorAll('.card').length === 0")
    browser.evaluate("document.activeElement.blur()")
    end = time.monotonic() + 60
    while records(http):
        assert time.monotonic() < end, "the image was not deleted"
        time.sleep(0.1)

    # The documentation: every route is there, and can be opened.
    browser.size(1200, 800)
    browser.open(http + "/docs")
    browser.until("document.querySelectorAll('#routes details').length >= 10")
    browser.evaluate("document.querySelectorAll('#routes details')[2].open = true")
    shot("docs")
    browser.size(375, 700)
    assert browser.evaluate("document.documentElement.scrollWidth <= 375")
    shot("docs-phone")


def main():
    program = sys.argv[1]
    shots = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="screenshots-")
    os.makedirs(shots, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process, addresses = start(program, folder)
        try:
            with Browser() as browser:
                look(browser, addresses["http"],
                     lambda name: browser.screenshot(os.path.join(shots, name + ".png"), whole=False))
                # The browser itself notes the answers that were to come.
                problems = [problem for problem in browser.problems if not any(s in problem for s in ("412", "422"))]
                assert not problems, problems
        finally:
            process.terminate()
            process.wait(30)
    print("the gallery is well; screenshots are in", shots)


if __name__ == "__main__":
    main()
