# shellcheck shell=bash
# Tests: module tests and tests/{contract,api,wire,crash} under sanitizers, then a real browser against a release build.

# Any report of a sanitizer ends the test that caused it.
use_strict_sanitizers() {
  export ASAN_OPTIONS="halt_on_error=1:abort_on_error=1:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1:strict_init_order=1"
  export UBSAN_OPTIONS="halt_on_error=1:abort_on_error=1:print_stacktrace=1"
  export TSAN_OPTIONS="halt_on_error=1:abort_on_error=1:second_deadlock_stack=1"
  export LSAN_OPTIONS="report_objects=1"
  if [ -e tools/sanitizers/lsan.txt ]; then LSAN_OPTIONS+=":suppressions=$PWD/tools/sanitizers/lsan.txt"; fi
  if [ -e tools/sanitizers/tsan.txt ]; then TSAN_OPTIONS+=":suppressions=$PWD/tools/sanitizers/tsan.txt"; fi
  local symbolizer=/usr/lib/llvm-19/bin/llvm-symbolizer
  [ ! -x "$symbolizer" ] || export ASAN_SYMBOLIZER_PATH="$symbolizer" TSAN_SYMBOLIZER_PATH="$symbolizer"
}

run_ctest() {
  local preset=$1
  shift
  use_strict_sanitizers
  ctest --test-dir "build/$preset" -j2 --output-on-failure --no-tests=error "$@"
}

# test_preset <preset>: builds and runs every C++ test.
test_preset() {
  need build test
  build "$1"
  run_ctest "$1"
}

# test_some <pattern>: only the test programs whose names match, and only what they need is built.
test_some() {
  local pattern=$1 targets
  need build test
  configure dev
  mapfile -t targets < <(ctest --test-dir build/dev -N -R "$pattern" | sed -n 's/^ *Test *#[0-9]*: //p')
  [ "${#targets[@]}" -gt 0 ] || fail "no test program matches $pattern"
  build dev "${targets[@]}"
  run_ctest dev -R "$pattern"
}

test_e2e() {
  local specs
  need build test
  build release cardea
  web_modules
  mapfile -t specs < <(find tests/e2e -type f -regex '.*\.\(test\|spec\)\.m?js' 2>/dev/null | sort)
  [ "${#specs[@]}" -gt 0 ] || fail "no browser tests in tests/e2e"
  # One at a time: each starts a server and a browser, and two of those do not fit two cores.
  if node --help | grep -q -e --test-concurrency; then
    node --test --test-concurrency=1 "${specs[@]}"
  else
    node --test "${specs[@]}"
  fi
}

dev_test() {
  case "${1:-all}" in
    all)
      test_preset dev
      web_lint
      test_e2e
      ;;
    unit) test_some "^${2:-.*}_test\$" ;;
    contract) test_some '_contract_test$' ;;
    api | wire | crash) test_some "^$1_tests\$" ;;
    tsan) test_preset tsan ;;
    e2e) test_e2e ;;
    *) fail "usage: ./dev test [unit [module] | contract | api | wire | crash | tsan | e2e]" ;;
  esac
}
