# shellcheck shell=bash
# Everything CI asks, in the order that finds the cheap mistakes first.

# step <name> <command…>: one line with the seconds it took; the first failure ends the run.
step() {
  local name=$1 start=$SECONDS
  shift
  note "── $name"
  # In a shell of its own, because `set -e` is off inside a condition.
  local status=0
  set +e
  (set -e; "$@")
  status=$?
  set -e
  local outcome=ok
  [ "$status" -eq 0 ] || outcome=FAILED
  steps+=("$(printf '%-34s %s %5d s' "$name" "$outcome" $((SECONDS - start)))")
  if [ "$status" -ne 0 ]; then
    print_steps
    exit 1
  fi
}

# print_steps: what each step took, and the cases of all tests that ran.
print_steps() {
  echo
  printf '%s\n' "${steps[@]}"
  [ ! -d build/results ] || print_test_summary
}

# Tests wait for each other, for browsers and for clocks. What they leave of the processor goes to the builds of later
# steps. Those fail silently: what does not compile is found again, and told, by its own step.
start_ahead() {
  mkdir -p build
  setsid ./dev ahead "$@" >build/ahead.log 2>&1 </dev/null &
  ahead=$!
}

# stop_ahead: the step that needs such a build goes on with it, by itself.
stop_ahead() {
  local patience=100
  [ -n "$ahead" ] || return 0
  kill -- "-$ahead" 2>/dev/null || true
  wait "$ahead" 2>/dev/null || true
  while [ "$patience" -gt 0 ] && kill -0 -- "-$ahead" 2>/dev/null; do
    sleep 0.1
    patience=$((patience - 1))
  done
  ahead=
}

# dev_ahead <preset>…: by itself in its session, since Linux shares the processor out by session first.
dev_ahead() {
  local preset
  chrt --idle --pid 0 $$ || true
  { echo 19 >/proc/self/autogroup; } || true
  for preset in "$@"; do
    case "$preset" in
      release) build release cardea || true ;;
      fuzz) build fuzz tests/fuzz/all || true ;;
      *) build "$preset" || true ;;
    esac
  done
}

# dev_check [--timing]: or only how long answers take, which needs a quiet machine and says nothing on CI's.
dev_check() {
  if [ "${1:-}" = --timing ]; then
    test_timing
    return
  fi
  steps=()
  ahead=
  trap stop_ahead EXIT
  local started=$SECONDS
  forget_results
  step "packages" need build test lint package
  step "format" fmt_check
  step "lints, layers, links" text_lints
  step "web lint" test_web
  step "web/dist is what web/ builds" web_dist_check
  step "build, ASan and UBSan" build dev
  start_ahead release tsan fuzz
  step "tests, ASan and UBSan" test_preset dev
  step "features come out" removable_check
  step "mutants, a sample" mutants_sample
  step "clang-tidy on what changed" tidy
  stop_ahead
  step "release build" build release cardea
  start_ahead tsan fuzz
  step "package" dev_package
  step "reference pages are current" docs_check
  step "OpenAPI: linters, fuzzer, clients" test_openapi
  step "metrics, alerts, dashboard" test_monitoring
  step "letters by SMTP" test_mail
  step "browser tests" test_e2e
  step "proxies of the guides" test_examples proxies
  stop_ahead
  step "build, TSan" build tsan
  start_ahead fuzz
  step "tests, TSan" test_tsan_share
  stop_ahead
  step "fuzz, 10 s each" fuzz_all 10
  note "all checks passed in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
  print_steps
}
