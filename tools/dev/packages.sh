# shellcheck shell=bash
# Installs the Debian packages a verb lacks (tools/packages.txt).

# packages_of <purpose>: the names listed under [purpose].
packages_of() {
  awk -v want="[$1]" '/^#/ || NF == 0 { next } /^\[/ { on = ($1 == want); next } on { print $1 }' tools/packages.txt
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root or sudo; install them yourself: ${missing[*]}"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# Package lists older than a day name files the mirror no longer has.
lists_are_fresh() {
  [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 -print -quit 2>/dev/null)" ]
}

# need <purpose>…: makes sure every package of these purposes is installed. Quiet and quick when nothing lacks.
need() {
  local purpose wanted=() missing=()
  for purpose in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(packages_of "$purpose")
  done
  if ! command -v dpkg-query >/dev/null; then
    note "not a Debian system: taking for granted what tools/packages.txt lists under $*"
    return 0
  fi
  mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(installed "${wanted[@]}"))
  [ "${#missing[@]}" -gt 0 ] || return 0
  note "installing: ${missing[*]}"
  lists_are_fresh || apt_get update
  if ! apt_get install --no-install-recommends "${missing[@]}"; then
    apt_get update
    apt_get install --no-install-recommends "${missing[@]}" || fail "apt-get could not install: ${missing[*]}"
  fi
}

# installed <name>…: those of the names that are installed, sorted.
installed() {
  { dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null || true; } | sed -n 's/^ii //p' | sort -u
}

# Node is often there from another source (nvm, NodeSource); only its absence is mended.
need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then need node; fi
}

# program_here <name>: prints where the program is, which is the one that [name] lists a package for. Debian's package
# would start a server, so the program is taken out of it and nothing is installed.
program_here() {
  local name=$1 folder=$PWD/build/$1 package
  if command -v "$name"; then return 0; fi
  package=$(packages_of "$name")
  if [ ! -x "$folder/usr/bin/$name" ]; then
    note "fetching $name"
    mkdir -p "$folder"
    lists_are_fresh || apt_get update
    (cd "$folder" && { apt-get -q download "$package" || { apt_get update && apt-get -q download "$package"; }; }) >&2
    dpkg-deb -x "$folder/$package"_*.deb "$folder"
  fi
  printf '%s\n' "$folder/usr/bin/$name"
}
