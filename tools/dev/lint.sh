# shellcheck shell=bash
# Formatting and lints.

cpp_files() {
  find src tests bench -type f \( -name '*.cpp' -o -name '*.hpp' \) 2>/dev/null | sort
}

dev_fmt() {
  need lint
  cpp_files | xargs -r clang-format-19 -i
}

fmt_check() {
  need lint
  cpp_files | xargs -r clang-format-19 --dry-run -Werror || fail "not formatted: run ./dev fmt"
}

# The lints of tools/lint_<name>.py.
LINTS=(layers edges words "removable --fast" shape lines docs security units container)

# The lints that need no compiler. Their own tests come first: a lint that cannot turn red proves nothing.
text_lints() {
  local lint words
  need lint
  test_tools
  for lint in "${LINTS[@]}"; do
    read -ra words <<<"$lint"
    PYTHONDONTWRITEBYTECODE=1 python3 "tools/lint_${words[0]}.py" "${words[@]:1}"
  done
  shellcheck dev .ci/run tools/dev/*.sh packaging/debian/p{re,ost}{inst,rm}
}

# changed_sources: .cpp files that differ from where this branch left main, or from the last commit when it is main.
changed_sources() {
  local base
  base=$(git merge-base origin/main HEAD 2>/dev/null || true)
  if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
    base=$(git rev-parse -q --verify HEAD~1 || true)
  fi
  [ -n "$base" ] || return 0
  { git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard; } | sort -u
}

# The folders of tests whose programs CMake makes.
TIDY_TESTS=(tests/api tests/contract tests/crash tests/fault tests/support tests/wire)

# tidy [--all]: clang-tidy over the changed sources, or over every one; those of tests/ need only compile. There is no
# precompiled header, so an #include that one would stand in for is found missing.
tidy() {
  local files tests
  need build test lint
  if [ "${1:-}" = --all ]; then
    mapfile -t files < <(find src -name '*.cpp' | sort)
    mapfile -t tests < <(find "${TIDY_TESTS[@]}" -name '*.cpp' | sort)
  else
    mapfile -t files < <(changed_sources | grep -E '^src/.*\.cpp$' || true)
    mapfile -t tests < <(changed_sources | grep -E "^($(IFS='|' && echo "${TIDY_TESTS[*]}"))/.*\.cpp$" || true)
  fi
  if [ "${#files[@]}" -eq 0 ] && [ "${#tests[@]}" -eq 0 ]; then
    note "clang-tidy: no source changed (./dev lint --all looks at every one)"
    return 0
  fi
  mkdir -p build
  cmake --preset dev -B build/tidy -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >build/tidy.configure.log
  note "clang-tidy: ${#files[@]} files, and ${#tests[@]} of tests/"
  tidy_each "${files[@]}"
  tidy_each --checks='-*,clang-diagnostic-*,readability-duplicate-include' "${tests[@]}"
}

# tidy_each [option…] <file…>
tidy_each() {
  local options=()
  while [[ "${1:-}" == --* ]]; do
    options+=("$1")
    shift
  done
  [ "$#" -gt 0 ] || return 0
  printf '%s\0' "$@" |
    xargs -0 -n 1 -P "$(jobs_here)" clang-tidy-19 -p build/tidy --quiet --warnings-as-errors='*' "${options[@]}"
}

dev_lint() {
  text_lints
  web_lint
  tidy "$@"
}
