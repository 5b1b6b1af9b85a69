#pragma once
// What kind of failure the database had: a value that travels with the exception to the client, the log and the metric.

#include <array>
#include <span>
#include <string>

#include "base/enum_text.hpp"
#include "base/error.hpp"

namespace cardea::db {

enum class Failure {
  busy,  // others were in the way, or there was no connection: it passes
  unreachable,  // nothing answers, or the file cannot be opened
  full,  // no room on the disk, or a quota or limit of the file's size
  unreadable,  // the disk reports an error
  read_only,  // the file system, the file or the server takes no changes
  corrupt,  // what is stored is no database any more, or not ours
  missing,  // the file was deleted, or another one was put in its place, while it is in use
  wrong_encoding,  // the database cannot hold every text
  refused  // the engine does not do what it was asked: a bug, or a changed schema
};
constexpr auto enum_texts(Failure) {
  return std::to_array<EnumText<Failure>>({{Failure::busy, "busy"},
                                           {Failure::unreachable, "unreachable"},
                                           {Failure::full, "full"},
                                           {Failure::unreadable, "unreadable"},
                                           {Failure::read_only, "read_only"},
                                           {Failure::corrupt, "corrupt"},
                                           {Failure::missing, "missing"},
                                           {Failure::wrong_encoding, "wrong_encoding"},
                                           {Failure::refused, "refused"}});
}

/// What a client is told of it; null for `busy`, which is the server's usual answer to too much work.
[[nodiscard]] const ErrorKind* kind_of(Failure failure);
/// All of these, for the catalogue.
[[nodiscard]] std::span<const ErrorKind* const> storage_errors();

/// The engine failed: gone, full, corrupt, or refused the SQL. A surprise, so an exception; answered with 503.
class DatabaseError : public Unavailable {
 public:
  explicit DatabaseError(const std::string& what, Failure failure = Failure::refused)
      : Unavailable(what, kind_of(failure)), failure_(failure) {}
  [[nodiscard]] Failure failure() const { return failure_; }

 private:
  Failure failure_;
};

/// The connection was lost, or the disk failed, after the commit was asked for: the change may have happened or not.
class OutcomeUnknown : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

}  // namespace cardea::db
