# shellcheck shell=bash
# Fuzzing: tests/fuzz/fuzz_<target>.cpp, from its seeds in tests/fuzz/seeds/<target>. Findings land in
# build/fuzz/findings.

fuzz_targets() {
  find tests/fuzz -maxdepth 1 -name 'fuzz_*.cpp' -printf '%f\n' | sed 's/^fuzz_//; s/\.cpp$//' | sort
}

# fuzz_one <target> <seconds>: new inputs are kept in build/fuzz/corpus so that the next run starts there.
fuzz_one() {
  local target=$1 seconds=$2 log=build/fuzz/$1.log folders=("build/fuzz/corpus/$1")
  mkdir -p "${folders[0]}" build/fuzz/findings
  [ ! -d "tests/fuzz/seeds/$target" ] || folders+=("tests/fuzz/seeds/$target")
  use_strict_sanitizers
  "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$target-" "${folders[@]}" >"$log" 2>&1 || {
    tail -n 60 "$log" >&2
    fail "$target: found an input that breaks it, kept in build/fuzz/findings"
  }
  note "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $seconds s, nothing found"
}

# fuzz_all <seconds>: each target for that long, as many at a time as there are cores.
fuzz_all() {
  local target targets first running together failed=0
  mapfile -t targets < <(fuzz_targets)
  [ "${#targets[@]}" -gt 0 ] || fail "tests/fuzz has no target"
  need build test
  build fuzz tests/fuzz/all
  together=$(jobs_here)
  for ((first = 0; first < ${#targets[@]}; first += together)); do
    running=()
    for target in "${targets[@]:first:together}"; do
      fuzz_one "$target" "$1" &
      running+=($!)
    done
    for target in "${running[@]}"; do wait "$target" || failed=1; done
  done
  [ "$failed" -eq 0 ]
}

dev_fuzz() {
  local target=${1:-}
  target=${target#fuzz_}
  if [ -z "$target" ]; then
    fuzz_all 60
    return
  fi
  [ -e "tests/fuzz/fuzz_$target.cpp" ] || fail "no fuzz target $target; there are: $(fuzz_targets | paste -sd' ')"
  need build test
  build fuzz "fuzz_$target"
  fuzz_one "$target" "${2:-60}"
}
