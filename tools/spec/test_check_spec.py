"""The lint finds what it is there to find: each case spoils one thing, and names what is to be said about it."""

import copy
import unittest

import yaml

from . import asyncapi, document, guide, messages, requirements, schemas

TEXT = document.PATH.read_text()
LISTED = requirements.load()
SCHEMAS = schemas.load()
IDS = {sentence.id for sentence in document.sentences(TEXT)}


def listed(id, /, **changes):
    """The requirements, with one of them changed."""
    changed = copy.deepcopy(LISTED)
    requirement = next(requirement for requirement in changed if requirement["id"] == id)
    requirement |= changes
    return changed


def sentence(text):
    return '\n- <a id="HUB-COR-999"></a>**HUB-COR-999** ' + text + "\n"


class Document(unittest.TestCase):
    def test_it_is_right(self):
        self.assertEqual(list(document.check(TEXT)), [])

    def test_what_is_wrong_is_found(self):
        for text, problem in [
            (TEXT + sentence("It MUST and it MAY."), "has the keywords ['MUST', 'MAY']"),
            (TEXT + sentence("It does."), "has the keywords []"),
            (TEXT + sentence("It MUST"), "does not end as a sentence"),
            (TEXT + sentence("It MUST.") * 2, "is there twice"),
            (TEXT + "\n- **HUB-COR-999** It MUST.\n", "has no anchor"),
            (TEXT + "\n- **HUB-C-9** It MUST.\n", "is no id"),
            (TEXT + "\nStorage MUST do this.\n", "a MUST without an id"),
            (TEXT + "\nStorage SHALL do this.\n", "SHALL is none of the five words"),
            (TEXT + "\nSee HUB-XXX-001.\n", "HUB-XXX-001 is spoken of"),
            (TEXT + sentence("It MUST.").replace("HUB-COR-999", "HUB-OPS-001"), "HUB-OPS-001 is there, though appendix D"),
            (TEXT + "\n[a link](nowhere.md)\n", "nowhere.md leads nowhere"),
        ]:
            with self.subTest(problem):
                self.assertIn(problem, "\n".join(document.check(text)))


class Requirements(unittest.TestCase):
    def problems(self, changed, checks=None, text=TEXT):
        return "\n".join(requirements.check(changed, text, checks))

    def test_what_is_wrong_is_found(self):
        for changed, problem in [
            (listed("HUB-COR-001", text="Another."), "its text is not the document's"),
            (listed("HUB-COR-001", keyword="MAY"), "its keyword is MAY"),
            (listed("HUB-COR-001", subject="nobody"), "its subject is nobody"),
            (listed("HUB-COR-001", profile="other"), "its profile is other"),
            (listed("HUB-COR-001", odd=1), "unknown key odd"),
            (listed("HUB-COR-001", id="HUB-COR-999"), "HUB-COR-999 is not in the document"),
            (listed("HUB-COR-001", id="HUB-COR-999"), "HUB-COR-001 of the document is missing"),
            (LISTED + LISTED[:1], "is there twice"),
            (listed("HUB-COR-004", tests=["Nobody/does"]), "there is no test Nobody/does"),
            (listed("HUB-COR-004", tests=[]), "has no test"),
            (listed("HUB-COR-004", untestable="Because."), "says that it cannot be"),
        ]:
            with self.subTest(problem):
                self.assertIn(problem, self.problems(changed))

    def test_checks_are_those_of_the_checker(self):
        check = {"id": "a.check", "requirements": ["HUB-COR-001"]}
        changed = requirements.renewed(LISTED, TEXT, [check])
        self.assertNotIn("HUB-COR-001", self.problems(changed, [check]))
        self.assertIn("HUB-COR-002 has no check", self.problems(changed, [check]))
        self.assertIn("there is no check a.check", self.problems(changed, []))
        self.assertIn("HUB-XXX-001 is no sentence", self.problems(changed, [{"id": "b", "requirements": ["HUB-XXX-001"]}]))

    def test_what_is_written_is_read_again(self):
        self.assertEqual(yaml.safe_load(requirements.written(LISTED))["requirements"], LISTED)


class Messages(unittest.TestCase):
    def problems(self, name, change):
        fixture = copy.deepcopy(messages.load()[name])
        change(fixture)
        return "\n".join(messages.check({name: fixture}, SCHEMAS, IDS))

    def test_what_is_wrong_is_found(self):
        for name, change, problem in [
            ("request-get_image.json", lambda fixture: fixture["message"].pop("operation"), "operation"),
            ("request-get_image.json", lambda fixture: fixture.update(problems=["body"]), "its schema does not see it"),
            ("request-get_image.json", lambda fixture: fixture.pop("requirements"), "shows no sentence"),
            ("reply-get_image.json", lambda fixture: fixture["message"]["data"].pop("sha256"), "sha256"),
            ("reply-get_image.json", lambda fixture: fixture.update(requirements=["HUB-XXX-001"]), "no sentence HUB-XXX-001"),
            ("event-created.json", lambda fixture: fixture["message"].pop("data"), "no invalid event"),
        ]:
            with self.subTest(problem):
                self.assertIn(problem, self.problems(name, change))


class Schemas(unittest.TestCase):
    def test_what_is_wrong_is_found(self):
        for change, problem in [
            (lambda schema: schema.update({"$id": "other"}), "its $id is other"),
            (lambda schema: schema.update({"$schema": "http://json-schema.org/draft-07/schema#"}), "its $schema is"),
            (lambda schema: schema["properties"].update(id={"$ref": "common.schema.json#/$defs/none"}), "leads nowhere"),
        ]:
            changed = copy.deepcopy(SCHEMAS)
            change(changed["record.schema.json"])
            with self.subTest(problem):
                self.assertIn(problem, "\n".join(schemas.check(changed)))


class AsyncAPI(unittest.TestCase):
    def test_what_is_wrong_is_found(self):
        text = asyncapi.PATH.read_text()
        for spoilt, problem in [
            (text.replace("asyncapi: 3.1.0", "asyncapi: 3.0.0"), "3.1.0"),
            (text.replace("action: receive", "action: get", 1), "get"),
            (text.replace("is: queue", "is: routingKey", 1), "is not valid"),
            (text.replace("#/channels/replies/messages/storageReply", "#/channels/requests/messages/storageRequest"),
             "is no message of its channel"),
            (text.replace("schemas/reply.schema.json", "schemas/answer.schema.json"), "leads nowhere"),
            (text.replace("HUB-ACK-001", "HUB-ACK-999"), "no sentence HUB-ACK-999"),
        ]:
            self.assertNotEqual(spoilt, text)
            with self.subTest(problem):
                self.assertIn(problem, "\n".join(asyncapi.check(SCHEMAS, IDS, spoilt)))


class Guide(unittest.TestCase):
    def test_what_is_wrong_is_found(self):
        text = guide.PATH.read_text()
        self.assertEqual(list(guide.check(text)), [])
        self.assertIn("out of date", "\n".join(guide.check(text.replace("class Core:", "class Kernel:"))))
        self.assertIn("core.py is not in it", "\n".join(guide.check(text.replace("```python core.py", "```python"))))


if __name__ == "__main__":
    unittest.main()
