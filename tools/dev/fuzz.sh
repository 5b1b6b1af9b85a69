# shellcheck shell=bash
# Fuzzing: every program of tests/fuzz, from its seeds in tests/fuzz/seeds/<program>. Findings land in build/fuzz/findings.

fuzz_build() {
  [ -e tests/fuzz/CMakeLists.txt ] || fail "tests/fuzz/CMakeLists.txt is missing"
  need build test
  build fuzz tests/fuzz/all
}

fuzz_targets() {
  find build/fuzz/tests/fuzz -maxdepth 1 -type f -executable -printf '%f\n' | sort
}

# fuzz_one <target> <seconds>: new inputs are kept in build/fuzz/corpus so that the next run starts there.
fuzz_one() {
  local target=$1 seconds=$2 corpus=build/fuzz/corpus/$1 options=()
  mkdir -p "$corpus" build/fuzz/findings
  local folders=("$corpus")
  [ ! -d "tests/fuzz/seeds/$target" ] || folders+=("tests/fuzz/seeds/$target")
  [ ! -e "tests/fuzz/dictionaries/$target.dict" ] || options+=("-dict=tests/fuzz/dictionaries/$target.dict")
  note "fuzzing $target for $seconds s"
  use_strict_sanitizers
  "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/findings/$target-" "${options[@]}" "${folders[@]}" >"build/fuzz/$target.log" 2>&1 || {
    tail -n 60 "build/fuzz/$target.log" >&2
    fail "$target found an input that breaks it: build/fuzz/findings"
  }
}

# fuzz_all <seconds>: each target in turn, for that long.
fuzz_all() {
  local target targets
  fuzz_build
  mapfile -t targets < <(fuzz_targets)
  [ "${#targets[@]}" -gt 0 ] || fail "no fuzz target was built"
  for target in "${targets[@]}"; do fuzz_one "$target" "$1"; done
}

dev_fuzz() {
  if [ "$#" -eq 0 ]; then
    fuzz_all 60
    return
  fi
  fuzz_build
  [ -x "build/fuzz/tests/fuzz/$1" ] || fail "no fuzz target $1; there are: $(fuzz_targets | paste -sd' ')"
  fuzz_one "$1" "${2:-60}"
}
