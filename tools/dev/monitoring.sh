# shellcheck shell=bash
# What operators watch a server with: its metrics, the alert rules and the dashboard of packaging/prometheus.

test_monitoring() {
  local promtool
  need build lint
  build release cardea
  promtool=$(program_here promtool)
  record monitoring "metrics, alert rules and dashboard" \
    env PYTHONDONTWRITEBYTECODE=1 python3 tools/check_monitoring.py build/release/cardea "$promtool"
}
