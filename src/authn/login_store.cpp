#include "authn/login_store.hpp"

namespace cardea::authn {
namespace {

/// What one column says of the places that an account was seen in: of networks, and four times as much of countries.
enum class Seen : std::int64_t {
  nowhere = 0,    // none is known
  elsewhere = 1,  // in others alone
  here = 2,
};
constexpr std::int64_t of_countries = 4;

bool is_unusual(const Login& login, const Whereabouts& where, const db::Row& row, std::size_t column) {
  if (row.is_null(column)) return false;  // no place of it is known
  const auto networks = static_cast<Seen>(row.integer(column) % of_countries);
  const auto countries = static_cast<Seen>(row.integer(column) / of_countries);
  const bool is_new_here = !login.browser_is_known && !where.place.network.empty() && networks != Seen::here;
  return is_new_here || (!where.place.country.empty() && countries == Seen::elsewhere);
}

std::optional<Login> to_login(const std::optional<db::Row>& row, const Whereabouts& where, Time now) {
  if (!row) return std::nullopt;
  constexpr auto at = identity::account_columns;  // where the password begins
  Login login{.account = identity::to_account(*row), .stored = {}, .browser_is_known = !row->is_null(at + 4)};
  login.browser_is_trusted = login.browser_is_known && row->time(at + 5) > now;
  login.is_unusual = is_unusual(login, where, *row, at + 6);
  if (!row->is_null(at) && !row->text(at).empty()) {  // empty: it was taken away
    login.stored = {.phc = row->text(at),
                    .changed_at = row->time(at + 1),
                    .revision = row->integer(at + 2),
                    .breached_at = row->maybe_time(at + 3)};
  }
  if (!row->is_null(at + 7)) {
    login.trail_key = audit::StoredKey{
        .account = login.account.id, .pseudonym = row->id<audit::Pseudonym>(at + 7), .key_sealed = row->bytes(at + 8)};
  }
  return login;
}

}  // namespace

std::optional<Login> find_login(db::Database& database, const LoginName& name, const Whereabouts& where, Time now) {
  const Time seen_after = now - known_browser::lifetime;
  if (name.account) {
    return to_login(
        database.read_one(
            "SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, "
            "a.email_pending, a.email_verified_at, a.language, a.erase_at, p.phc, p.changed_at, p.revision, "
            "p.breached_at, b.last_seen_at, b.trusted_until, "
            "(SELECT MAX(CAST(CASE WHEN n.last_seen_at > $3 AND (n.network = $4 OR n.network_before = $4) "
            "THEN 2 ELSE 1 END AS BIGINT)) + 4 * MAX(CAST(CASE WHEN n.country IS NULL THEN 0 "
            "WHEN n.last_seen_at > $3 AND (n.country = $5 OR n.country_before = $5) THEN 2 ELSE 1 END AS BIGINT)) "
            "FROM known_browser n WHERE n.account_id = a.id AND n.network IS NOT NULL), "
            "k.pseudonym, k.key_sealed "
            "FROM account a LEFT JOIN password p ON p.account_id = a.id "
            "LEFT JOIN audit_key k ON k.account_id = a.id "
            "LEFT JOIN known_browser b ON b.token_hash = $2 AND b.account_id = a.id AND b.last_seen_at > $3 "
            "WHERE a.id = $1",
            *name.account, where.browser, seen_after, where.place.network, where.place.country),
        where, now);
  }
  // A text that is no possible identifier is looked up like any other, under a key that no row has.
  const std::string key = identity::identifier_key(name.text);
  if (key.find('@') != std::string::npos) {
    return to_login(
        database.read_one(
            "SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, "
            "a.email_pending, a.email_verified_at, a.language, a.erase_at, p.phc, p.changed_at, p.revision, "
            "p.breached_at, b.last_seen_at, b.trusted_until, "
            "(SELECT MAX(CAST(CASE WHEN n.last_seen_at > $3 AND (n.network = $4 OR n.network_before = $4) "
            "THEN 2 ELSE 1 END AS BIGINT)) + 4 * MAX(CAST(CASE WHEN n.country IS NULL THEN 0 "
            "WHEN n.last_seen_at > $3 AND (n.country = $5 OR n.country_before = $5) THEN 2 ELSE 1 END AS BIGINT)) "
            "FROM known_browser n WHERE n.account_id = a.id AND n.network IS NOT NULL), "
            "k.pseudonym, k.key_sealed "
            "FROM account a LEFT JOIN password p ON p.account_id = a.id "
            "LEFT JOIN audit_key k ON k.account_id = a.id "
            "LEFT JOIN known_browser b ON b.token_hash = $2 AND b.account_id = a.id AND b.last_seen_at > $3 "
            "WHERE a.email_key = $1",
            key, where.browser, seen_after, where.place.network, where.place.country),
        where, now);
  }
  return to_login(
      database.read_one(
          "SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, "
          "a.email_pending, a.email_verified_at, a.language, a.erase_at, p.phc, p.changed_at, p.revision, "
          "p.breached_at, b.last_seen_at, b.trusted_until, "
          "(SELECT MAX(CAST(CASE WHEN n.last_seen_at > $3 AND (n.network = $4 OR n.network_before = $4) "
          "THEN 2 ELSE 1 END AS BIGINT)) + 4 * MAX(CAST(CASE WHEN n.country IS NULL THEN 0 "
          "WHEN n.last_seen_at > $3 AND (n.country = $5 OR n.country_before = $5) THEN 2 ELSE 1 END AS BIGINT)) "
          "FROM known_browser n WHERE n.account_id = a.id AND n.network IS NOT NULL), "
          "k.pseudonym, k.key_sealed "
          "FROM account a LEFT JOIN password p ON p.account_id = a.id "
          "LEFT JOIN audit_key k ON k.account_id = a.id "
          "LEFT JOIN known_browser b ON b.token_hash = $2 AND b.account_id = a.id AND b.last_seen_at > $3 "
          "WHERE a.uid_key = $1",
          key, where.browser, seen_after, where.place.network, where.place.country),
      where, now);
}

bool password_holds(db::Tx& tx, const AccountId& account, const Evidence& evidence) {
  const auto stored = password::find(tx, account);
  return stored && std::to_string(stored->revision) == evidence.detail;
}

}  // namespace cardea::authn
