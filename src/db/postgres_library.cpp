// libpq, loaded when PostgreSQL is first spoken to: it brings eighteen more libraries, Kerberos and LDAP among them,
// and three megabytes, which a server with SQLite has no use for. What this module calls of it is defined here and
// passed on.

#include <dlfcn.h>
#include <libpq-fe.h>

#include <string>

#include "db/database.hpp"

namespace cardea::db {
namespace {

void* library() {
  // Never unloaded: its threads and its part of OpenSSL live as long as the process.
  static void* const loaded = [] {
    void* handle = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      throw DatabaseError("postgres: its client library cannot be loaded; install libpq5: " + std::string{dlerror()});
    }
    return handle;
  }();
  return loaded;
}

/// The function of that name in the library; `declared` gives its type.
template <class Function>
Function* find(Function*, const char* name) {
  void* const found = dlsym(library(), name);
  if (found == nullptr) throw DatabaseError("postgres: its client library is too old; it lacks " + std::string{name});
  return reinterpret_cast<Function*>(found);
}

/// Calls the library's function of the name and type of `declared`.
template <auto declared, class... Arguments>
auto pass_on(const char* name, Arguments... arguments) {
  static auto* const function = find(declared, name);
  return function(arguments...);
}

}  // namespace
}  // namespace cardea::db

using cardea::db::pass_on;

PGconn* PQconnectStartParams(const char* const* names, const char* const* values, int expand) {
  return pass_on<&PQconnectStartParams>("PQconnectStartParams", names, values, expand);
}
PGconn* PQconnectdbParams(const char* const* names, const char* const* values, int expand) {
  return pass_on<&PQconnectdbParams>("PQconnectdbParams", names, values, expand);
}
PostgresPollingStatusType PQconnectPoll(PGconn* connection) {
  return pass_on<&PQconnectPoll>("PQconnectPoll", connection);
}
PQconninfoOption* PQconninfoParse(const char* text, char** error) {
  return pass_on<&PQconninfoParse>("PQconninfoParse", text, error);
}
void PQconninfoFree(PQconninfoOption* options) { return pass_on<&PQconninfoFree>("PQconninfoFree", options); }
void PQfinish(PGconn* connection) { return pass_on<&PQfinish>("PQfinish", connection); }
ConnStatusType PQstatus(const PGconn* connection) { return pass_on<&PQstatus>("PQstatus", connection); }
PGTransactionStatusType PQtransactionStatus(const PGconn* connection) {
  return pass_on<&PQtransactionStatus>("PQtransactionStatus", connection);
}
PGpipelineStatus PQpipelineStatus(const PGconn* connection) {
  return pass_on<&PQpipelineStatus>("PQpipelineStatus", connection);
}
const char* PQparameterStatus(const PGconn* connection, const char* name) {
  return pass_on<&PQparameterStatus>("PQparameterStatus", connection, name);
}
char* PQerrorMessage(const PGconn* connection) { return pass_on<&PQerrorMessage>("PQerrorMessage", connection); }
int PQbackendPID(const PGconn* connection) { return pass_on<&PQbackendPID>("PQbackendPID", connection); }
int PQsocket(const PGconn* connection) { return pass_on<&PQsocket>("PQsocket", connection); }
int PQsetnonblocking(PGconn* connection, int value) {
  return pass_on<&PQsetnonblocking>("PQsetnonblocking", connection, value);
}
PQnoticeReceiver PQsetNoticeReceiver(PGconn* connection, PQnoticeReceiver receiver, void* argument) {
  return pass_on<&PQsetNoticeReceiver>("PQsetNoticeReceiver", connection, receiver, argument);
}
int PQenterPipelineMode(PGconn* connection) { return pass_on<&PQenterPipelineMode>("PQenterPipelineMode", connection); }
int PQexitPipelineMode(PGconn* connection) { return pass_on<&PQexitPipelineMode>("PQexitPipelineMode", connection); }
int PQpipelineSync(PGconn* connection) { return pass_on<&PQpipelineSync>("PQpipelineSync", connection); }
int PQsendQuery(PGconn* connection, const char* query) {
  return pass_on<&PQsendQuery>("PQsendQuery", connection, query);
}
int PQsendPrepare(PGconn* connection, const char* name, const char* query, int count, const Oid* types) {
  return pass_on<&PQsendPrepare>("PQsendPrepare", connection, name, query, count, types);
}
int PQsendQueryParams(PGconn* connection, const char* query, int count, const Oid* types, const char* const* values,
                      const int* lengths, const int* formats, int result) {
  return pass_on<&PQsendQueryParams>("PQsendQueryParams", connection, query, count, types, values, lengths, formats,
                                     result);
}
int PQsendQueryPrepared(PGconn* connection, const char* name, int count, const char* const* values, const int* lengths,
                        const int* formats, int result) {
  return pass_on<&PQsendQueryPrepared>("PQsendQueryPrepared", connection, name, count, values, lengths, formats,
                                       result);
}
int PQflush(PGconn* connection) { return pass_on<&PQflush>("PQflush", connection); }
int PQconsumeInput(PGconn* connection) { return pass_on<&PQconsumeInput>("PQconsumeInput", connection); }
int PQisBusy(PGconn* connection) { return pass_on<&PQisBusy>("PQisBusy", connection); }
PGresult* PQgetResult(PGconn* connection) { return pass_on<&PQgetResult>("PQgetResult", connection); }
PGnotify* PQnotifies(PGconn* connection) { return pass_on<&PQnotifies>("PQnotifies", connection); }
ExecStatusType PQresultStatus(const PGresult* result) { return pass_on<&PQresultStatus>("PQresultStatus", result); }
char* PQresultErrorField(const PGresult* result, int code) {
  return pass_on<&PQresultErrorField>("PQresultErrorField", result, code);
}
char* PQcmdStatus(PGresult* result) { return pass_on<&PQcmdStatus>("PQcmdStatus", result); }
char* PQcmdTuples(PGresult* result) { return pass_on<&PQcmdTuples>("PQcmdTuples", result); }
int PQntuples(const PGresult* result) { return pass_on<&PQntuples>("PQntuples", result); }
int PQnfields(const PGresult* result) { return pass_on<&PQnfields>("PQnfields", result); }
Oid PQftype(const PGresult* result, int column) { return pass_on<&PQftype>("PQftype", result, column); }
int PQgetisnull(const PGresult* result, int row, int column) {
  return pass_on<&PQgetisnull>("PQgetisnull", result, row, column);
}
int PQgetlength(const PGresult* result, int row, int column) {
  return pass_on<&PQgetlength>("PQgetlength", result, row, column);
}
char* PQgetvalue(const PGresult* result, int row, int column) {
  return pass_on<&PQgetvalue>("PQgetvalue", result, row, column);
}
void PQclear(PGresult* result) { return pass_on<&PQclear>("PQclear", result); }
void PQfreemem(void* memory) { return pass_on<&PQfreemem>("PQfreemem", memory); }
