# shellcheck shell=bash
# The reference pages that the program prints about itself; committed, so that a change of surface shows in review.

# generated_docs <folder>
generated_docs() {
  local program=build/release/cardea
  "$program" config reference >"$1/config.md"
  "$program" openapi >"$1/openapi.json"
  "$program" errors >"$1/errors.md"
  "$program" routes >"$1/routes.txt"
}

dev_docs() {
  need build
  build release cardea
  case "${1:-}" in
    '')
      mkdir -p docs
      generated_docs docs
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
  [ "$stale" -eq 0 ] || fail "docs/ is not what the program prints: run ./dev docs"
}
