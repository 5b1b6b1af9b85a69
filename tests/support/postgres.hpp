#pragma once
// A private PostgreSQL on a socket in a temporary directory, without TCP. Most tests share the process's one, which is
// started at first use and skips fsync; tests of durability start their own.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace cardea::testing_support {

/// Whether what it commits survives its own end.
enum class Durability { none, full };

class Postgres {
 public:
  /// The process's server, which forgets what it likes when it crashes.
  static Postgres& instance();
  /// Takes a second or two; throws std::runtime_error when it does not start.
  explicit Postgres(Durability durability);
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  /// Makes an empty database, or a copy of `like`, to which nobody may be connected. Returns its name.
  std::string create_database(std::string_view like = "template0");
  /// Drops it, whoever is connected.
  void drop_database(std::string_view name);
  [[nodiscard]] std::string url(std::string_view database) const;
  /// Where its socket is.
  [[nodiscard]] std::string folder() const;
  /// Ends every connection to `database`, as a restart of the server would.
  void disconnect_all(std::string_view database);
  /// kill -9 to the server, and up again on the same data when this returns.
  void kill_and_restart();
  /// In order; nobody answers when this returns, until `start`.
  void stop();
  void start();
  /// Stops every process of it where it stands (SIGSTOP), until `thaw`.
  void freeze();
  void thaw();
  /// Makes it a standby at its next start, or a primary again.
  void set_standby(bool is_standby);
  /// Where its tables are, its log and all that it has.
  [[nodiscard]] std::filesystem::path data() const;

  /// Connections that others hold.
  class Crowd {
   public:
    explicit Crowd(Postgres& server);
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    /// Takes every place that there is.
    void take_all();
    /// Gives up so many.
    void leave(std::size_t places);
    /// Takes them from those who are connected to `database` too. These must not run meanwhile, or they are as quick to
    /// connect again.
    void take_from(std::string_view database);

   private:
    struct Members;
    Postgres& server_;
    std::unique_ptr<Members> members_;
  };

 private:
  void send_to_all(int signal);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardea::testing_support
