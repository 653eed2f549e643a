"""The judge must catch everything that it is there for."""

import unittest

from .differences import Difference, matches
from .verdict import Outcomes, judge


def outcomes(**results: str | None) -> Outcomes:
    found = Outcomes()
    for test, result in results.items():
        found.note(test, "collected", None)
        if result is not None:
            found.note(test, "setup", "passed")
            found.note(test, "call", result, "because")
            found.note(test, "teardown", "passed")
    return found


def listed(test: str, expect: str) -> Difference:
    return Difference("suite", test, expect, "a reason for it")


class JudgeTests(unittest.TestCase):
    def test_all_as_expected(self):
        run = outcomes(a="passed", b="failed", c="skipped", d=None)
        self.assertEqual(judge(run, [listed("b", "fails"), listed("c", "skipped"), listed("d", "not-run")]), [])

    def test_each_mistake_is_found(self):
        for run, differences, word in [
            (outcomes(a="passed", b="failed"), [], "failed, and not listed: b"),
            (outcomes(a="passed", b="skipped"), [], "skipped, and not listed: b"),
            (outcomes(a="passed", b=None), [], "never ended: 1 tests, first b"),
            (outcomes(a="passed", b="passed"), [listed("b", "fails")], "listed as fails, but passed: b"),
            (outcomes(a="passed", b="skipped"), [listed("b", "fails")], "listed as fails, but skipped: b"),
            (outcomes(a="passed", b=None), [listed("b", "fails")], "listed as fails, but never ended: b"),
            (outcomes(a="passed", b="passed"), [listed("b", "skipped")], "listed as skipped, but passed: b"),
            (outcomes(a="passed", b="passed"), [listed("b", "not-run")], "listed as not-run, but passed: b"),
            (outcomes(a="passed"), [listed("b", "fails")], "there is no such test: b"),
            (outcomes(a="passed", b="failed"), [listed("b", "fails"), listed("*b", "fails")], "listed twice: b"),
            (outcomes(), [], "no test passed"),
            (outcomes(a="failed"), [listed("a", "fails")], "no test passed"),
        ]:
            with self.subTest(word):
                wrong = judge(run, differences)
                self.assertEqual(len(wrong), 1, wrong)
                self.assertIn(word, wrong[0])

    def test_a_failure_in_setup_or_teardown_is_a_failure(self):
        for phase in ["setup", "teardown"]:
            run = outcomes(a="passed")
            run.note("b", "collected", None)
            run.note("b", phase, "failed", "because")
            run.note("b", "teardown", "passed")
            self.assertIn("failed, and not listed: b", judge(run, [])[0])

    def test_names_with_brackets_are_meant_literally(self):
        self.assertTrue(matches("t::x[tls]", "t::x[tls]"))
        self.assertFalse(matches("t::x[tls]", "t::xt"))
        self.assertTrue(matches("t::x[tls-*]", "t::x[tls-a-b]"))
        self.assertFalse(matches("t::x[tls-*]", "t::x[plain-a]"))


if __name__ == "__main__":
    unittest.main()
