# shellcheck shell=bash
# The reference pages that the program prints about itself; committed, so that a change of surface shows in review. The
# other pages are written by hand, and their commands are run against a real server.

# generated_docs <folder>
generated_docs() {
  local program=build/release/cardea
  "$program" config reference >"$1/config.md"
  "$program" openapi | python3 -m json.tool --no-ensure-ascii --indent 1 >"$1/openapi.json"  # for people to compare
  "$program" errors >"$1/errors.md"
  "$program" routes >"$1/routes.txt"
}

# generated_examples <folder>: the proxies' configurations that the guides show.
generated_examples() {
  local program=$PWD/build/release/cardea
  # Elsewhere, and without variables: settings that lie about are none of the examples'.
  (
    cd "$1" || exit
    env -i "$program" proxy nginx --protect http://app.localhost:8080 >nginx/cardea.conf
    env -i "$program" proxy caddy --protect http://app.localhost:8080 >caddy/Caddyfile
    env -i "$program" proxy traefik --protect app.example.com >traefik/dynamic.yml
  ) 2>/dev/null
}

dev_docs() {
  need build lint
  build release cardea
  case "${1:-}" in
    '')
      mkdir -p docs
      generated_docs docs
      generated_examples examples
      ;;
    --check) docs_check ;;
    *) fail "usage: ./dev docs [--check]" ;;
  esac
}

docs_check() {
  local fresh=build/docs page stale=0
  mkdir -p "$fresh"
  generated_docs "$fresh"
  for page in config.md openapi.json errors.md routes.txt; do
    diff -u "docs/$page" "$fresh/$page" || stale=1
  done
  mkdir -p "$fresh"/{nginx,caddy,traefik}
  generated_examples "$fresh"
  for page in nginx/cardea.conf caddy/Caddyfile traefik/dynamic.yml; do
    diff -u "examples/$page" "$fresh/$page" || stale=1
  done
  [ "$stale" -eq 0 ] || fail "docs/ and examples/ are not what the program prints: run ./dev docs"
  docs_run
}

# Whether the commands of every page that has some print what the page says.
docs_run() {
  local pages
  need build test lint
  mapfile -t pages < <(grep -lE '^```sh (run|fails)$' README.md docs/*.md)
  PYTHONDONTWRITEBYTECODE=1 python3 tools/run_docs.py build/release/cardea "${pages[@]}"
}
