# shellcheck shell=bash
# What operators watch a server with: its metrics, the alert rules and the dashboard of packaging/prometheus.

# promtool_here: prints where promtool is. Debian has it in a package that starts a server, so it is taken out of that
# package and nothing is installed.
promtool_here() {
  local folder=$PWD/build/promtool package
  if command -v promtool; then return 0; fi
  package=$(packages_of promtool)
  if [ ! -x "$folder/usr/bin/promtool" ]; then
    note "fetching promtool"
    mkdir -p "$folder"
    lists_are_fresh || apt_get update
    (cd "$folder" && { apt-get -q download "$package" || { apt_get update && apt-get -q download "$package"; }; }) >&2
    dpkg-deb -x "$folder/$package"_*.deb "$folder"
  fi
  printf '%s\n' "$folder/usr/bin/promtool"
}

test_monitoring() {
  local promtool
  need build lint
  build release cardea
  promtool=$(promtool_here)
  record monitoring "metrics, alert rules and dashboard" \
    env PYTHONDONTWRITEBYTECODE=1 python3 tools/check_monitoring.py build/release/cardea "$promtool"
}
