# shellcheck shell=bash
# Mutants: whether the tests notice the faults in tests/mutants/*.patch, each in turn, in a copy of the tree.

dev_mutants() {
  need build test
  use_ccache
  use_strict_sanitizers
  export CARDEA_JOBS CCACHE_BASEDIR="$PWD/build/mutants/tree" PYTHONDONTWRITEBYTECODE=1
  CARDEA_JOBS=$(jobs_here)
  mkdir -p build/mutants
  # One run at a time: they share the copy.
  local status=0
  flock --nonblock --conflict-exit-code 75 build/mutants/lock python3 tools/mutants.py "$@" || status=$?
  [ "$status" -ne 75 ] || fail "another run is using build/mutants"
  return "$status"
}

# mutants_sample: a few, chosen by the commit, so that a run can be repeated and the next commit tries others.
mutants_sample() {
  dev_mutants --sample 6 --seed "$(git rev-parse HEAD)"
}
