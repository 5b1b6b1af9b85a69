#include "db/sqlite_failure.hpp"

#include <sqlite3.h>

#include <cerrno>

namespace cardea::db::sqlite {
namespace {

/// SQLite tells a full disk apart only when a write meets it, not when a file is made or grows in another way.
Failure failure_of_file(int system_error, Failure otherwise) {
  switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return Failure::full;
    case EROFS: return Failure::read_only;
    case EMFILE:
    case ENFILE:
    case ENOMEM: return Failure::busy;
    case ENOENT: return Failure::missing;
    default: return otherwise;
  }
}

}  // namespace

Failure failure_of(int code, int system_error) {
  if (code == SQLITE_IOERR_NOMEM) return Failure::busy;
  if (code == SQLITE_IOERR_CORRUPTFS) return Failure::corrupt;
  if (code == SQLITE_READONLY_DBMOVED) return Failure::missing;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM: return Failure::busy;
    case SQLITE_FULL: return Failure::full;
    case SQLITE_READONLY: return Failure::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Failure::corrupt;
    case SQLITE_IOERR: return failure_of_file(system_error, Failure::unreadable);
    case SQLITE_CANTOPEN: return failure_of_file(system_error, Failure::unreachable);
    default: return Failure::refused;
  }
}

}  // namespace cardea::db::sqlite
