#include "tests/support/pgbouncer.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/support/as_postgres.hpp"
#include "tests/support/within.hpp"

namespace cardea::testing_support {

namespace fs = std::filesystem;

PgBouncer::PgBouncer(const Postgres& server, std::string_view mode, int size)
    : directory_(fs::temp_directory_path() / "cardea-pgbouncer-XXXXXX") {
  if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("cannot make " + directory_);
  fs::permissions(directory_, fs::perms::all);  // its socket is for this test's user too
  std::ofstream{directory_ + "/pgbouncer.ini"} << "[databases]\n* = host=" << server.folder() << " user=cardea\n"
                                               << "[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
                                               << "unix_socket_dir = " << directory_ << "\nauth_type = any\n"
                                               << "pool_mode = " << mode << "\ndefault_pool_size = " << size
                                               << "\nmax_client_conn = 500\n";
  give_to_postgres(directory_);
  child_ = spawn_as_postgres({"/usr/sbin/pgbouncer", directory_ + "/pgbouncer.ini"}, directory_ + "/log");
  if (!within(std::chrono::seconds{10}, [this] { return fs::exists(directory_ + "/.s.PGSQL.6432"); })) {
    throw std::runtime_error("PgBouncer did not start (Debian package pgbouncer); see " + directory_ + "/log");
  }
}

PgBouncer::~PgBouncer() {
  ::kill(child_, SIGTERM);
  ::waitpid(child_, nullptr, 0);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string PgBouncer::url(std::string_view database) const {
  return "postgres:///" + std::string{database} + "?user=cardea&port=6432&host=" + directory_;
}

}  // namespace cardea::testing_support
