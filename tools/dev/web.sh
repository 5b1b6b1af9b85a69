# shellcheck shell=bash
# The browser side: web/ is built into web/dist, which is committed.

# npm ci, but only when the lock file changed since the last one.
web_modules() {
  [ -e web/package-lock.json ] || fail "web/package-lock.json is missing"
  need_node
  local stamp=web/node_modules/.cardea-lock lock
  lock=$(sha256sum <web/package-lock.json)
  [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ] || return 0
  (cd web && npm ci --no-audit --no-fund)
  echo "$lock" >"$stamp"
}

web_build() {
  web_modules
  (cd web && npm run --silent build)
}

web_lint() {
  web_modules
  (cd web && npm run --silent lint)
}

# Fails when web/dist is not what the sources build.
web_dist_check() {
  local before
  before=$(web_dist_sum)
  web_build
  [ "$before" = "$(web_dist_sum)" ] || fail "web/dist was not what web/ builds; it is now: commit it"
}

web_dist_sum() {
  find web/dist -type f -print0 2>/dev/null | sort -z | xargs -0 -r sha256sum
}

dev_web() {
  web_build
  note "built web/dist"
}
