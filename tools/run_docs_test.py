"""The runner of the documentation's commands turns red when it should."""

import os
import tempfile
import unittest

import run_docs


def run(page):
    with tempfile.TemporaryDirectory() as home:
        return [complaint for _, complaint in run_docs.run_steps(run_docs.steps_of(page), os.environ["PATH"], home)]


class RunDocs(unittest.TestCase):
    def test_a_page_that_tells_the_truth_passes(self):
        page = '```sh run\nword=one\n```\n\n```sh run\necho "$word two"\n```\n\n```text\none …\n```\n'
        self.assertEqual(run(page), [])

    def test_other_output_is_found(self):
        self.assertIn("something else", run("```sh run\necho one\n```\n```text\ntwo\n```\n")[0])

    def test_more_output_than_shown_is_found(self):
        self.assertIn("something else", run("```sh run\necho one; echo two\n```\n```text\none\n```\n")[0])

    def test_a_command_that_fails_is_found(self):
        self.assertIn("instead of 0", run("```sh run\necho before; false; echo after\n```\n")[0])

    def test_a_command_that_should_be_refused_and_is_not_is_found(self):
        self.assertIn("instead of 22", run("```sh fails\ntrue\n```\n")[0])

    def test_a_refused_command_passes_where_the_page_says_so(self):
        self.assertEqual(run("```sh fails\n(exit 22)\n```\n"), [])

    def test_a_variable_that_the_page_has_not_set_is_found(self):
        os.environ["OF_THE_RUNNER"] = "1"
        self.addCleanup(os.environ.pop, "OF_THE_RUNNER")
        self.assertIn("unbound variable", run('```sh run\necho "$OF_THE_RUNNER"\n```\n')[0])
        self.assertIn("unbound variable", run('```sh run\necho "$DATA"\n```\n')[0])

    def test_other_fences_are_not_run(self):
        self.assertEqual(run_docs.steps_of("```sh\nfalse\n```\n"), [])

    def test_text_between_a_command_and_a_fence_separates_them(self):
        (step,) = run_docs.steps_of("```sh run\ntrue\n```\nBy the way:\n```json\n{}\n```\n")
        self.assertIsNone(step.expected)


if __name__ == "__main__":
    unittest.main()
