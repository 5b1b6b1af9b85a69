"""The check of rules, dashboard and metrics turns red when it should."""

import json
import unittest

import check_monitoring as check

METRICS = """# HELP cardea_a_total A.
# TYPE cardea_a_total counter
cardea_a_total 1
# HELP cardea_b_seconds B.
# TYPE cardea_b_seconds histogram
cardea_b_seconds_bucket{le="+Inf"} 1
cardea_b_seconds_sum 1
cardea_b_seconds_count 1
"""
FAMILIES = check.families_of(METRICS)


def dashboard(expression, ids=(1, 2)):
    return json.dumps({"panels": [{"id": id, "title": "T", "targets": [{"expr": expression}]} for id in ids]})


class Names(unittest.TestCase):
    def test_those_of_a_server_and_the_parts_of_its_histograms_are_known(self):
        rules = "rate(cardea_a_total[5m]) / cardea_b_seconds_count + cardea_b_seconds_bucket"
        self.assertEqual(check.complaints_about_names("r", rules, FAMILIES), [])

    def test_one_that_no_server_has_is_found(self):
        self.assertIn("cardea_c_total", check.complaints_about_names("r", "cardea_c_total > 0", FAMILIES)[0])

    def test_a_counter_has_no_buckets(self):
        self.assertEqual(len(check.complaints_about_names("r", "cardea_a_total_bucket", FAMILIES)), 1)


class Dashboard(unittest.TestCase):
    def test_a_sound_one_passes(self):
        self.assertEqual(check.complaints_about_dashboard(dashboard("rate(cardea_a_total[5m])"), FAMILIES), [])

    def test_what_is_no_json_is_found(self):
        self.assertIn("no JSON", check.complaints_about_dashboard("{", FAMILIES)[0])

    def test_an_unknown_metric_is_found_with_its_panel(self):
        self.assertIn("T: a running", check.complaints_about_dashboard(dashboard("cardea_c"), FAMILIES)[0])

    def test_a_query_of_nothing_is_found(self):
        self.assertIn("no metric of ours", check.complaints_about_dashboard(dashboard("vector(1)"), FAMILIES)[0])

    def test_two_panels_with_one_id_are_found(self):
        self.assertIn("one id", check.complaints_about_dashboard(dashboard("cardea_a_total", (1, 1)), FAMILIES)[0])


class Tests(unittest.TestCase):
    RULES = "      - alert: One\n        expr: x\n      - alert: Two\n"

    def test_an_alert_that_no_test_raises_is_found(self):
        tests = "      - eval_time: 5m\n        alertname: One\n        exp_alerts:\n          - exp_labels: {}\n"
        tests += "      - {eval_time: 6m, alertname: Two}\n"
        self.assertEqual(check.complaints_about_tests(self.RULES, tests), ["alerts_test.yml: no test raises Two"])


class Page(unittest.TestCase):
    def test_a_metric_that_is_not_described_is_found(self):
        self.assertIn("cardea_b_seconds", check.complaints_about_page("`cardea_a_total`", FAMILIES)[0])

    def test_several_may_be_described_together(self):
        self.assertEqual(check.complaints_about_page("`cardea_*`", FAMILIES), [])


if __name__ == "__main__":
    unittest.main()
