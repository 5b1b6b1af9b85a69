#include "db/failure.hpp"

namespace cardea::db {
namespace {

constexpr ErrorKind unreachable{"storage.unreachable", 503, "The database cannot be reached. Try again in a moment.",
                                Fault::passing};
constexpr ErrorKind full{"storage.full", 503, "The disk of the database is full; nothing can be stored.",
                         Fault::lasting};
constexpr ErrorKind unreadable{"storage.unreadable", 503, "The disk of the database fails.", Fault::lasting};
constexpr ErrorKind read_only{"storage.read_only", 503, "The database takes no changes.", Fault::lasting};
constexpr ErrorKind corrupt{"storage.corrupt", 503, "The database is damaged.", Fault::lasting};
constexpr ErrorKind missing{"storage.missing", 503, "The database is gone, or was replaced.", Fault::lasting};
constexpr ErrorKind wrong_encoding{"storage.wrong_encoding", 503, "The database cannot hold every text.",
                                   Fault::lasting};
constexpr ErrorKind refused{"storage.refused", 503, "The database does not do what it was asked.", Fault::lasting};

constexpr std::array<const ErrorKind*, 8> all{&unreachable, &full,    &unreadable,     &read_only,
                                              &corrupt,     &missing, &wrong_encoding, &refused};

}  // namespace

const ErrorKind* kind_of(Failure failure) {
  switch (failure) {
    case Failure::busy: return nullptr;
    case Failure::unreachable: return &unreachable;
    case Failure::full: return &full;
    case Failure::unreadable: return &unreadable;
    case Failure::read_only: return &read_only;
    case Failure::corrupt: return &corrupt;
    case Failure::missing: return &missing;
    case Failure::wrong_encoding: return &wrong_encoding;
    case Failure::refused: return &refused;
  }
  return &refused;
}

std::span<const ErrorKind* const> storage_errors() { return all; }

}  // namespace cardea::db
