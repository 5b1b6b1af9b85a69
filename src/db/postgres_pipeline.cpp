#include "db/postgres_pipeline.hpp"

#include <libpq-fe.h>

#include <new>

#include "db/postgres_failure.hpp"

namespace cardea::db::postgres {

Pipeline::Pipeline(pg_conn* connection) : connection_(connection), is_broken_(PQenterPipelineMode(connection) == 0) {}

void Pipeline::count(int was_sent) {
  ++sent_;
  if (was_sent != 0) return;
  // Said now: the next command forgets it.
  if (says_out_of_memory(PQerrorMessage(connection_))) throw std::bad_alloc{};
  is_broken_ = true;
}

void Pipeline::query(const std::string& sql, const Parameters& parameters) {
  count(PQsendQueryParams(connection_, sql.c_str(), parameters.count(), nullptr, parameters.values(),
                          parameters.lengths(), parameters.formats(), 1));
}

void Pipeline::query(const std::string& sql) { query(sql, Parameters({})); }

void Pipeline::prepare(const std::string& name, const std::string& sql) {
  count(PQsendPrepare(connection_, name.c_str(), sql.c_str(), 0, nullptr));
}

void Pipeline::execute(const std::string& name, const Parameters& parameters) {
  count(PQsendQueryPrepared(connection_, name.c_str(), parameters.count(), parameters.values(), parameters.lengths(),
                            parameters.formats(), 1));
}

std::vector<Reply> Pipeline::finish(const Wait& wait) {
  std::vector<Reply> replies;
  if (!is_broken_ && PQpipelineSync(connection_) == 0) is_broken_ = true;
  while (replies.size() < sent_) {
    replies.emplace_back(is_broken_ ? nullptr : next_result(connection_, wait));
    // Each reply is followed by an end of its own, unless the connection was lost.
    bool is_ended = false;
    while (!is_ended && PQstatus(connection_) == CONNECTION_OK) is_ended = next_result(connection_, wait) == nullptr;
    if (!is_ended) is_broken_ = true;
  }
  if (is_broken_) return replies;
  const Reply sync = next_result(connection_, wait);
  PQexitPipelineMode(connection_);  // refuses if anything is left to be read; is_usable then says so
  return replies;
}

}  // namespace cardea::db::postgres
