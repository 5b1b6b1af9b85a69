#include "db/sqlite_failure.hpp"

#include <sqlite3.h>

#include <cerrno>

namespace cardea::db::sqlite {
namespace {

/// SQLite tells a full disk apart only when a write meets ENOSPC, not by a quota, nor when a file is made or grows in
/// another way.
Failure failure_of_file(int system_error, Failure otherwise) {
  switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return Failure::full;
    case EROFS: return Failure::read_only;
    case EMFILE:
    case ENFILE:
    case ENOMEM: return Failure::busy;
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ESTALE:
    case ENOTCONN: return Failure::missing;  // the device, the server or the program behind the file system is gone
    default: return otherwise;
  }
}

/// What becomes of a file that is open: nobody asks for a right any more, unless it was taken away (`chattr +i`, NFS).
Failure failure_of_open_file(int system_error) {
  switch (system_error) {
    case EACCES:
    case EPERM: return Failure::read_only;
    default: return failure_of_file(system_error, Failure::unreadable);
  }
}

}  // namespace

Failure failure_of(int code, int system_error) {
  if (code == SQLITE_IOERR_NOMEM) return Failure::busy;
  // SQLITE_IOERR_CORRUPTFS, which reads like one of these, is a read that met EIO.
  if (code == SQLITE_IOERR_DATA) return Failure::corrupt;
  if (code == SQLITE_READONLY_DBMOVED) return Failure::missing;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM: return Failure::busy;
    case SQLITE_FULL: return Failure::full;
    case SQLITE_PERM:
    case SQLITE_READONLY: return Failure::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Failure::corrupt;
    case SQLITE_IOERR: return failure_of_open_file(system_error);
    case SQLITE_CANTOPEN: return failure_of_file(system_error, Failure::unreachable);
    default: return Failure::refused;
  }
}

}  // namespace cardea::db::sqlite
