#include "authn/login_store.hpp"

namespace cardea::authn {
namespace {

std::optional<Login> to_login(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  Login login{.account = identity::to_account(*row), .stored = {}};
  if (!row->is_null(9)) {
    login.stored = {.phc = row->text(9), .changed_at = row->time(10), .revision = row->integer(11)};
  }
  return login;
}

}  // namespace

std::optional<Login> find_login(db::Database& database, const LoginName& name) {
  if (name.account) {
    return to_login(database.read_one(
        "SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, p.phc, "
        "p.changed_at, p.revision FROM account a LEFT JOIN password p ON p.account_id = a.id WHERE a.id = $1",
        *name.account));
  }
  // A text that is no possible identifier is looked up like any other, under a key that no row has.
  const std::string key = identity::identifier_key(name.text);
  if (key.find('@') != std::string::npos) {
    return to_login(database.read_one(
        "SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, p.phc, "
        "p.changed_at, p.revision FROM account a LEFT JOIN password p ON p.account_id = a.id WHERE a.email_key = $1",
        key));
  }
  return to_login(database.read_one(
      "SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, p.phc, "
      "p.changed_at, p.revision FROM account a LEFT JOIN password p ON p.account_id = a.id WHERE a.uid_key = $1",
      key));
}

std::optional<Login> find_login(db::Tx& tx, const AccountId& id) {
  return to_login(
      tx.one("SELECT a.id, a.uid, a.name, a.email, a.status, a.role, a.created_at, a.updated_at, a.profile, p.phc, "
             "p.changed_at, p.revision FROM account a LEFT JOIN password p ON p.account_id = a.id WHERE a.id = $1",
             id));
}

}  // namespace cardea::authn
