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

dev_check() {
  steps=()
  local started=$SECONDS
  forget_results
  step "packages" need build test lint package
  step "format" fmt_check
  step "lints, layers, links" text_lints
  step "web lint" test_web
  step "web/dist is what web/ builds" web_dist_check
  step "tests, ASan and UBSan" test_preset dev
  step "features come out" removable_check
  step "mutants, a sample" mutants_sample
  step "clang-tidy on what changed" tidy
  step "release build" build release cardea
  step "package" dev_package
  step "reference pages are current" docs_check
  step "OpenAPI, by two linters" test_openapi
  step "metrics, alerts, dashboard" test_monitoring
  step "browser tests" test_e2e
  step "proxies of the guides" test_examples proxies
  step "fuzz, 10 s each" fuzz_all 10
  step "tests, TSan" test_preset tsan
  note "all checks passed in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
  print_steps
}
