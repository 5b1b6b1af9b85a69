# shellcheck shell=bash
# Whether features come out by deleting their folders and a few lines, and what is left compiles and passes its unit
# tests.

# removable_check [option…] [feature…]: as tools/lint_removable.py takes them.
removable_check() {
  need build test
  use_ccache
  use_strict_sanitizers
  export CARDEA_JOBS CCACHE_BASEDIR="$PWD/build/removable/tree" PYTHONDONTWRITEBYTECODE=1
  CARDEA_JOBS=$(jobs_here)
  python3 tools/lint_removable.py "$@"
}
