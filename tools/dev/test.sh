# shellcheck shell=bash
# Tests: those of the tools; module tests and tests/{contract,api,wire,crash,fault} under sanitizers; the lint of the
# browser side; a real browser, and libraries that verify tokens, against a release build. Each part leaves its cases in
# build/results/<part>; the summary at the end is made of those.

# Any report of a sanitizer ends the test that caused it.
use_strict_sanitizers() {
  local always="halt_on_error=1:abort_on_error=1"
  export ASAN_OPTIONS="$always:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
  ASAN_OPTIONS+=":check_initialization_order=1:strict_init_order=1"
  export UBSAN_OPTIONS="$always:print_stacktrace=1"
  export TSAN_OPTIONS="$always:second_deadlock_stack=1"
  export LSAN_OPTIONS="report_objects=1"
  if [ -e tools/sanitizers/lsan.txt ]; then LSAN_OPTIONS+=":suppressions=$PWD/tools/sanitizers/lsan.txt"; fi
  if [ -e tools/sanitizers/tsan.txt ]; then TSAN_OPTIONS+=":suppressions=$PWD/tools/sanitizers/tsan.txt"; fi
  local symbolizer=/usr/lib/llvm-19/bin/llvm-symbolizer
  [ ! -x "$symbolizer" ] || export ASAN_SYMBOLIZER_PATH="$symbolizer" TSAN_SYMBOLIZER_PATH="$symbolizer"
}

# Forgets the cases of earlier runs.
forget_results() { rm -rf build/results; }

# results_of <part>: prints the folder, made empty, that the part reports to. One that stays empty counts as a failure.
results_of() {
  rm -rf "build/results/$1"
  mkdir -p "build/results/$1"
  echo "$PWD/build/results/$1"
}

# print_test_summary: fails when a case failed or none ran. SECONDS is what the whole run took so far.
print_test_summary() {
  PYTHONDONTWRITEBYTECODE=1 python3 tools/test_summary.py build/results --seconds "$SECONDS"
}

# record <part> <name> <command…>: a command that is one case of its part.
record() {
  local part=$1 name=$2 results started outcome=passed
  shift 2
  results=$(results_of "$part")
  started=$(date +%s%3N)
  "$@" || outcome=failed
  printf '{"name": "%s", "outcome": "%s", "seconds": %s}\n' "$name" "$outcome" \
    "$(awk -v ms="$(($(date +%s%3N) - started))" 'BEGIN { print ms / 1000 }')" >"$results/cases.jsonl"
  [ "$outcome" = passed ]
}

# run_ctest <preset> <ctest option…>: reports to the part of that name.
run_ctest() { ctest_into "$1" "$@"; }

# ctest_into <part> <preset> <ctest option…>
ctest_into() {
  local part=$1 preset=$2 results
  shift 2
  use_strict_sanitizers
  results=$(results_of "$part")
  GTEST_OUTPUT="json:$results/" ctest --test-dir "build/$preset" -j2 --output-on-failure --no-tests=error \
    --output-junit "$results/ctest.xml" "$@"
}

# test_preset <preset>: builds and runs every C++ test.
test_preset() {
  need build test
  build "$1"
  run_ctest "$1"
}

# test_tsan_share: all but api_tests, and every fourth of those, others with each commit. They take longest by far, most
# of them do one thing after the other, and all of them run under the other sanitizers; `./dev test tsan` runs all.
test_tsan_share() {
  local shares=4
  need build test
  build tsan
  run_ctest tsan -E '^api_tests$'
  GTEST_TOTAL_SHARDS=$shares GTEST_SHARD_INDEX=$((0x$(git rev-parse HEAD | head -c 4) % shares)) \
    ctest_into tsan-api tsan -R '^api_tests$'
}

# test_some <ctest option…>: only the test programs that ctest would choose, and only what they need is built.
test_some() {
  local chosen targets
  need build test
  configure dev
  mapfile -t chosen < <(ctest --test-dir build/dev -N "$@" | sed -n 's/^ *Test *#[0-9]*: //p')
  [ "${#chosen[@]}" -gt 0 ] || fail "no test program matches $*"
  # The others are commands: what must not compile.
  mapfile -t targets < <(printf '%s\n' "${chosen[@]}" | grep -E '_tests?$' || true)
  [ "${#targets[@]}" -eq 0 ] || build dev "${targets[@]}"
  run_ctest dev "$@"
}

# test_unit [module]: everything that is not a level of its own.
test_unit() {
  if [ "$#" -gt 0 ]; then
    test_some -R "^$1_test\$"
  else
    test_some -E '_contract_test$|^(api|wire|crash|fault)_tests$'
  fi
}

# test_fault [--write]: every fault, on the release program, since sanitizers do not live with little memory; under them
# `./dev test` takes a few. Each row must be as docs/faults.md has it, or that page is written.
test_fault() {
  case "${1:-}" in
    '') ;;
    --write) export FAULTS_PAGE=write ;;
    *) fail "usage: ./dev test fault [--write]" ;;
  esac
  need build test
  build release cardea fault_tests
  run_ctest release -R '^fault_tests$'
}

test_tools() {
  need lint
  need_node
  PYTHONDONTWRITEBYTECODE=1 python3 tools/unit_tests.py "$(results_of tools)/cases.jsonl"
}

test_web() {
  web_modules
  record web "types, templates, strings and sizes" web_lint
}

# browser_specs <part> <folder or file…>: each starts a server and a browser, and two of those do not fit two cores.
browser_specs() {
  local part=$1 specs results one_at_a_time=()
  shift
  need build test
  build release cardea
  web_modules
  mapfile -t specs < <(find "$@" -type f -regex '.*\.\(test\|spec\)\.m?js' 2>/dev/null | sort)
  [ "${#specs[@]}" -gt 0 ] || fail "no browser tests in $*"
  results=$(results_of "$part")
  if node --help | grep -q -e --test-concurrency; then one_at_a_time=(--test-concurrency=1); fi
  node --test --test-timeout=600000 "${one_at_a_time[@]}" --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter="$PWD/tools/node_report.mjs" --test-reporter-destination="$results/cases.jsonl" "${specs[@]}"
}

test_e2e() { browser_specs e2e tests/e2e; }

test_timing() {
  need build test
  build release cardea
  CARDEA_BIN=$PWD/build/release/cardea PYTHONDONTWRITEBYTECODE=1 python3 -m unittest tests/timing/enumeration_test.py
}

# test_examples [proxies]: what the guides show, from examples/, with the real proxies and the real frameworks; or the
# proxies alone, which need nothing from other registries than Debian's.
test_examples() {
  CADDY_BIN=$(program_here caddy)
  HAPROXY_BIN=$(program_here haproxy)
  HAPROXY_LIBRARIES=$(libraries_here haproxy)
  export CADDY_BIN HAPROXY_BIN HAPROXY_LIBRARIES
  if [ "${1:-}" = proxies ]; then
    browser_specs examples tests/examples/proxies.spec.mjs tests/examples/printed.spec.mjs
    return
  fi
  command -v go >/dev/null || need go
  command -v mvn >/dev/null || need java
  python3 -c 'import ensurepip' 2>/dev/null || need venv
  browser_specs examples tests/examples
}

# test_mail: letters to real and to hostile mail servers; through Postfix as root alone, who may start it.
test_mail() {
  need build test
  build release cardea
  CARDEA_BIN=$PWD/build/release/cardea PYTHONDONTWRITEBYTECODE=1 \
    record mail "letters by SMTP" /usr/bin/python3 -m unittest tests/mail/smtp_test.py
  [ "$(id -u)" -eq 0 ] || return 0
  need_postfix
  CARDEA_BIN=$PWD/build/release/cardea PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/mail \
    record postfix "letters through Postfix" /usr/bin/python3 -m unittest tests/mail/postfix_test.py
}

# test_package: the package is made twice, the first time with a lower version, and lives in a Debian of its own; and an
# operator follows the docs from its installation to a move to PostgreSQL and back. As root only, and slow the first
# time, when that Debian is made: no part of `./dev test`.
test_package() {
  local results
  [ "$(id -u)" -eq 0 ] || fail "the package is installed in a chroot; run this as root"
  need build package
  build release cardea
  results=$(results_of package)
  CARDEA_OLD_PACKAGE=$(make_package build/release/cardea 0.0.1 | tail -1)
  CARDEA_NEW_PACKAGE=$(make_package build/release/cardea "$(project_version)" | tail -1)
  export CARDEA_OLD_PACKAGE CARDEA_NEW_PACKAGE PYTHONDONTWRITEBYTECODE=1
  lintian --fail-on error,warning "$CARDEA_NEW_PACKAGE"
  python3 tools/unit_tests.py "$results/cases.jsonl" tests/package
}

# test_libraries: libraries of other languages verify tokens of the program. Needs their toolchains and registries, and
# takes two minutes when everything is fetched: no part of `./dev test`.
test_libraries() {
  local results tool
  for tool in python3 node npm go java mvn cargo; do
    command -v "$tool" >/dev/null || fail "tests/libraries needs $tool"
  done
  need build test
  build release cardea
  results=$(results_of libraries)
  CARDEA_PROGRAM=${CARDEA_PROGRAM:-build/release/cardea} PYTHONDONTWRITEBYTECODE=1 \
    python3 tools/unit_tests.py "$results/cases.jsonl" tests/libraries
}

# test_openapi: the OpenAPI document by the tools of others: linters, a fuzzer, generators of clients. Needs node, its
# registry and Python's.
test_openapi() {
  local results
  need build test
  need_node
  python3 -c 'import ensurepip' 2>/dev/null || need venv
  build release cardea
  results=$(results_of openapi)
  CARDEA_PROGRAM=${CARDEA_PROGRAM:-build/release/cardea} PYTHONDONTWRITEBYTECODE=1 \
    python3 tools/unit_tests.py "$results/cases.jsonl" tests/openapi
}

# test_all: every level, whether or not one before it failed; a program that does not compile ends the run.
test_all() {
  local part
  need build test lint
  build dev
  build release cardea
  for part in test_tools "run_ctest dev" test_web test_monitoring test_e2e "test_examples proxies"; do
    note "── ${part/run_/}"
    # In a shell of its own, because `set -e` is off inside a condition. What failed is in the summary.
    set +e
    # shellcheck disable=SC2086
    (set -e; $part)
    set -e
  done
}

dev_test() {
  local level=${1:-all} status=0
  [ "$#" -eq 0 ] || shift
  forget_results
  set +e
  (
    set -e
    case "$level" in
      all) test_all ;;
      unit) test_unit "$@" ;;
      contract) test_some -R '_contract_test$' ;;
      api | wire | crash) test_some -R "^${level}_tests\$" ;;
      tsan) test_preset tsan ;;
      fault) test_fault "$@" ;;
      tools | web | e2e | monitoring | package | libraries | openapi | mail) "test_$level" ;;
      examples) test_examples "$@" ;;
      *)
        fail "usage: ./dev test [unit [module]|contract|api|wire|crash|fault|tools|web|monitoring|e2e|examples|tsan|\
package|libraries|openapi|mail]"
        ;;
    esac
  )
  status=$?
  set -e
  [ -d build/results ] || return "$status"
  print_test_summary || status=1
  return "$status"
}
