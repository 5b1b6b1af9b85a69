# shellcheck shell=bash
# The Debian package: build/package/cardea_<version>_<architecture>.deb, of the release program and packaging/.

project_version() { sed -n 's/^project(cardea VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt; }

dev_package() {
  local version
  version=$(project_version)
  if [ "${1:-}" = --version ] && [ "$#" -eq 2 ]; then
    version=$2
  elif [ "$#" -gt 0 ]; then
    fail "usage: ./dev package [--version VERSION]"
  fi
  need build package
  build release cardea
  make_package build/release/cardea "$version"
}

# make_package <program> <version>: prints the path of the package last.
make_package() {
  local program=$1 version=$2 architecture root package
  architecture=$(dpkg --print-architecture)
  root=build/package/root
  package=build/package/cardea_${version}_$architecture.deb
  rm -rf "$root"
  package_files "$program" "$version" "$root"
  package_control "$version" "$architecture" "$root"
  # The same inputs make the same package.
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s) \
    dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >&2
  echo "$package"
}

# package_files <program> <version> <root>
package_files() {
  local program=$1 version=$2 root=$3 doc=$3/usr/share/doc/cardea
  install -D -m 755 "$program" "$root/usr/bin/cardea"
  strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/cardea"
  install -D -m 644 packaging/debian/cardea.toml "$root/etc/cardea/cardea.toml"
  install -D -m 644 -t "$root/lib/systemd/system" packaging/systemd/cardea.service packaging/systemd/cardea.socket
  install -D -m 644 packaging/debian/copyright "$doc/copyright"
  install -D -m 644 packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/cardea"
  install -d "$root/usr/share/man/man1"
  "$program" man --to "$root/usr/share/man/man1"
  gzip -9n "$root"/usr/share/man/man1/*.1
  "$program" completion bash | install -D -m 644 /dev/stdin "$root/usr/share/bash-completion/completions/cardea"
  "$program" completion zsh | install -D -m 644 /dev/stdin "$root/usr/share/zsh/vendor-completions/_cardea"
  "$program" completion fish | install -D -m 644 /dev/stdin "$root/usr/share/fish/vendor_completions.d/cardea.fish"
  package_changelog "$version" | gzip -9nc >"$doc/changelog.gz"
}

# What has changed is in CHANGELOG.md; this entry tells which version it is.
package_changelog() {
  printf 'cardea (%s) stable; urgency=medium\n\n  * %s\n\n -- %s  %s\n' "$1" \
    "What has changed: CHANGELOG.md, beside the source." "$(package_field Maintainer)" \
    "$(date -u -R -d "@$(git log -1 --format=%ct 2>/dev/null || date +%s)")"
}

package_field() { sed -n "s/^$1: //p" packaging/debian/control; }

# package_control <version> <architecture> <root>
package_control() {
  local version=$1 architecture=$2 root=$3 scratch=build/package/shlibs script
  mkdir -p "$scratch/debian" "$root/DEBIAN"
  printf 'Source: cardea\n\nPackage: cardea\nArchitecture: any\n' >"$scratch/debian/control"
  local libraries size
  libraries=$(cd "$scratch" && dpkg-shlibdeps -O -e"$OLDPWD/$root/usr/bin/cardea" 2>/dev/null)
  libraries=${libraries#shlibs:Depends=}
  [ -n "$libraries" ] || fail "dpkg-shlibdeps says nothing about $root/usr/bin/cardea"
  size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
  sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@DEPENDS@/$libraries/" \
    packaging/debian/control >"$root/DEBIAN/control"
  echo /etc/cardea/cardea.toml >"$root/DEBIAN/conffiles"
  for script in preinst postinst prerm postrm; do
    install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"
  done
  (cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
}
