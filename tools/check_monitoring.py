#!/usr/bin/env python3
"""Checks what operators watch a server with: its metrics, the alert rules and the dashboard of packaging/prometheus.

    tools/check_monitoring.py build/release/cardea promtool

The rules are sound and tested (promtool; each alert is raised by a test); what a running server prints is as Prometheus
wants it (promtool); every metric that a rule, a panel or a page of the documentation names is one that a running server
has, and every metric that it has is described in docs/operations.md.
"""

import json
import pathlib
import re
import ssl
import subprocess
import sys
import urllib.request

import run_docs

FOLDER = pathlib.Path("packaging/prometheus")
PAGE = pathlib.Path("docs/operations.md")
# With a unit or a kind behind it, so that a table, a function or a label is none.
NAME = re.compile(r"\b(?:cardea|process)_[a-z0-9_]+\b")
PARTS = ("_bucket", "_sum", "_count")  # of a histogram
# Of a server's listener with another name, of work that no feature of this version has, or of what has to be set up.
CONDITIONAL = {
    "cardea_queue_depth",
    "cardea_queue_oldest_seconds",
    "cardea_queue_dead",
    "cardea_breached_service_total",
    "cardea_mail_domain_total",
}
NO_METRICS = {"cardea_metrics_token"}  # a file's name


def families_of(page):
    """The types of a page of metrics by their names."""
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE))


def family_of(name, families):
    """The family that a name belongs to: itself, or its histogram."""
    for part in PARTS:
        if name.endswith(part) and families.get(name.removesuffix(part)) == "histogram":
            return name.removesuffix(part)
    return name


def names_in(text):
    return set(NAME.findall(text)) - NO_METRICS


def expressions_of(dashboard):
    """The queries of a dashboard, as (panel, expression)."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def complaints_about_names(place, text, families):
    unknown = sorted(name for name in names_in(text) if family_of(name, families) not in families.keys() | CONDITIONAL)
    return [f"{place}: a running server has no metric {name}" for name in unknown]


def complaints_about_dashboard(text, families):
    try:
        dashboard = json.loads(text)
    except json.JSONDecodeError as problem:
        return [f"dashboard.json: no JSON: {problem}"]
    complaints = []
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(set(ids)) != len(ids):
        complaints.append("dashboard.json: two panels have one id")
    for title, expression in expressions_of(dashboard):
        if not names_in(expression) and "up{" not in expression:
            complaints.append(f"dashboard.json: {title}: a query of no metric of ours: {expression}")
        complaints += complaints_about_names(f"dashboard.json: {title}", expression, families)
    return complaints


def complaints_about_tests(rules, tests):
    """Each alert is expected by a test with alerts, not only without."""
    raised = set(re.findall(r"alertname: (\w+)\n\s+exp_alerts:\n", tests))
    alerts = re.findall(r"- alert: (\w+)", rules)
    return [f"alerts_test.yml: no test raises {name}" for name in alerts if name not in raised]


def complaints_about_page(page, families):
    unsaid = families.keys() - names_in(page) - names_of_patterns(page, families)
    return [f"{PAGE}: does not speak of {name}" for name in sorted(unsaid)]


def names_of_patterns(page, families):
    """Those that a page names together: `process_*`."""
    stems = re.findall(r"`([a-z_]+_)\*`", page)
    return {name for name in families if any(name.startswith(stem) for stem in stems)}


def fetch(server):
    token = (server.data / "metrics_token").read_text().strip()
    context = ssl.create_default_context(cafile=server.data / "localhost.crt")
    request = urllib.request.Request(server.url + "/metrics", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30, context=context) as answer:
        return answer.read().decode()


def complaints_of(command, **options):
    """What a command prints when it fails, as one complaint."""
    run = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    return [] if run.returncode == 0 else [f"{' '.join(command)}:\n{run.stdout}"]


def main(arguments):
    program, promtool = arguments
    promtool = str(pathlib.Path(promtool).resolve()) if "/" in promtool else promtool
    with run_docs.Server(program, "--tls") as server:
        metrics = fetch(server)
    families = families_of(metrics)
    rules, tests = (FOLDER / "alerts.yml").read_text(), (FOLDER / "alerts_test.yml").read_text()
    complaints = complaints_of([promtool, "check", "metrics"], input=metrics)
    complaints += complaints_of([promtool, "check", "rules", "alerts.yml"], cwd=FOLDER)
    complaints += complaints_of([promtool, "test", "rules", "alerts_test.yml"], cwd=FOLDER)
    complaints += complaints_about_tests(rules, tests)
    complaints += complaints_about_names("alerts.yml", rules, families)
    complaints += complaints_about_dashboard((FOLDER / "dashboard.json").read_text(), families)
    complaints += complaints_about_names(str(PAGE), PAGE.read_text(), families)
    complaints += complaints_about_page(PAGE.read_text(), families)
    print("\n".join(complaints) or f"{len(families)} metrics, the alert rules and the dashboard are sound")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
