#include "tests/support/pgbouncer.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/support/as_postgres.hpp"
#include "tests/support/within.hpp"

namespace cardea::testing_support {

namespace fs = std::filesystem;

namespace {

/// Whether somebody listens there: the file of a socket is there before that.
bool is_listening(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool is_there = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return is_there;
}

}  // namespace

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
  if (!within(std::chrono::seconds{10}, [this] { return is_listening(directory_ + "/.s.PGSQL.6432"); })) {
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
