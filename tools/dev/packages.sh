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

# Postfix, told not to be anybody's mail server.
need_postfix() {
  if command -v postfix >/dev/null || ! command -v debconf-set-selections >/dev/null; then return 0; fi
  as_root debconf-set-selections <<<"postfix postfix/main_mailer_type select No configuration"
  need postfix
}

# Node is often there from another source (nvm, NodeSource); only its absence is mended.
need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then need node; fi
}

# program_here <name>: prints where the program is, which is one that [name] lists packages for. Debian's package would
# start a server, so the program is taken out of it, with its libraries, and nothing is installed.
program_here() {
  local name=$1 folder=$PWD/build/$1 package packages
  if command -v "$name"; then return 0; fi
  mapfile -t packages < <(packages_of "$name")
  if ! program_in "$folder" "$name" >/dev/null; then
    note "fetching $name"
    mkdir -p "$folder"
    lists_are_fresh || apt_get update
    (
      cd "$folder" || exit
      apt-get -q download "${packages[@]}" || { apt_get update && apt-get -q download "${packages[@]}"; }
    ) >&2
    for package in "$folder"/*.deb; do dpkg-deb -x "$package" "$folder"; done
  fi
  program_in "$folder" "$name" || fail "the package ${packages[0]} has no $name"
}

program_in() {
  local place
  for place in "$1/usr/bin/$2" "$1/usr/sbin/$2"; do
    if [ -x "$place" ]; then
      printf '%s\n' "$place"
      return 0
    fi
  done
  return 1
}

# libraries_here <name>: where the libraries of a program are that was taken out of its package; else nothing.
libraries_here() {
  local folder
  for folder in "$PWD/build/$1"/usr/lib/*-linux-gnu; do
    if [ -d "$folder" ]; then printf '%s\n' "$folder"; fi
  done
}
