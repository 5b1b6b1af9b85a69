# shellcheck shell=bash
# Configuring and compiling: one folder below build/ per CMake preset.

# Compiler jobs: one per core, but 2 GiB of memory each, or a small machine starts to swap. CARDEA_JOBS overrides.
jobs_here() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 2097152) }' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  echo "${CARDEA_JOBS:-$((cores < memory ? cores : memory))}"
}

# One cache for every checkout: paths below the checkout are hashed relative to it.
use_ccache() {
  export CCACHE_DIR="${CCACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ccache}"
  export CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-5G}"
  export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
}

# configure <preset>: quiet unless it fails.
configure() {
  use_ccache
  mkdir -p build
  cmake --preset "$1" >"build/$1.configure.log" 2>&1 || {
    cat "build/$1.configure.log" >&2
    fail "cmake --preset $1 failed"
  }
}

# build <preset> [target…]: everything when no target is named.
build() {
  local preset=$1 targets=()
  shift
  [ "$#" -eq 0 ] || targets=(--target "$@")
  configure "$preset"
  cmake --build "build/$preset" -j "$(jobs_here)" "${targets[@]}"
}

dev_build() {
  need build
  build release cardea
  note "built build/release/cardea"
}

dev_run() {
  dev_build >&2
  exec build/release/cardea dev "$@"
}

dev_bench() {
  need build bench
  [ -x bench/run ] || fail "bench/run is missing"
  if [ -e bench/CMakeLists.txt ]; then build release cardea bench/all; else build release cardea; fi
  exec bench/run "$@"
}
