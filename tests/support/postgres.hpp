#pragma once
// A private PostgreSQL for one test process: started at first use, on a socket in a temporary directory, without TCP
// and without fsync; ended with the process.

#include <memory>
#include <string>
#include <string_view>

namespace cardea::testing_support {

class Postgres {
 public:
  /// The process's server. The first call takes a second or two; throws std::runtime_error when it does not start.
  static Postgres& instance();
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  /// Makes an empty database, or a copy of `like`, to which nobody may be connected. Returns its name.
  std::string create_database(std::string_view like = "template0");
  /// Drops it, whoever is connected.
  void drop_database(std::string_view name);
  [[nodiscard]] std::string url(std::string_view database) const;
  /// Ends every connection to `database`, as a restart of the server would.
  void disconnect_all(std::string_view database);

 private:
  Postgres();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardea::testing_support
