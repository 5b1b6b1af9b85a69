#include "mailbox/mailbox.hpp"

#include "page/page.hpp"

namespace cardea::mailbox {
namespace {

constexpr std::int64_t most_shown = 100;

/// No script, no picture from elsewhere, no form, no way out: what a letter says is whatever somebody typed.
constexpr std::string_view letter_policy =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'none'";

struct Deps {
  db::Database& database;
  const page::Pages& pages;
};

wire::Object row_of(const page::Words& words, const Entry& entry) {
  return {{"id", entry.id.text()},
          {"to", entry.recipient},
          {"subject", entry.subject},
          {"code", entry.code},
          {"at", page::instant(words, entry.received_at)}};
}

Result<http::Response> show_list(const Deps& deps, const http::Call& call) {
  const auto words = deps.pages.words(call);
  wire::Array rows;
  for (const auto& entry : deps.database.read([](db::Tx& tx) { return latest(tx, most_shown); })) {
    rows.emplace_back(row_of(words, entry));
  }
  const bool has_rows = !rows.empty();
  return deps.pages.render("mailbox", call, wire::Object{{"letters", std::move(rows)}, {"has_letters", has_rows}});
}

Result<Entry> asked(const Deps& deps, const http::Call& call) {
  const auto id = JobId::parse(call.param(0));
  auto entry = id ? deps.database.read([&](db::Tx& tx) { return find(tx, *id); }) : std::nullopt;
  if (!entry) return not_found;
  return *std::move(entry);
}

Result<http::Response> show_letter(const Deps& deps, const http::Call& call) {
  const auto entry = TRY(asked(deps, call));
  auto data = row_of(deps.pages.words(call), entry);
  data.push_back({"text", entry.text});
  return deps.pages.render("mailbox_letter", call, std::move(data));
}

Result<http::Response> show_html(const Deps& deps, const http::Call& call) {
  const auto entry = TRY(asked(deps, call));
  http::Response response{.status = 200, .body = entry.html};
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", letter_policy);
  return response;
}

/// One event, and the time after which the browser asks again: no thread waits for a letter.
Result<http::Response> tell_latest(const Deps& deps) {
  const auto entries = deps.database.read([](db::Tx& tx) { return latest(tx, 1); });
  const std::string id = entries.empty() ? "" : entries.front().id.text();
  http::Response response{.status = 200, .body = "retry: 1500\nevent: latest\ndata: " + id + "\n\n"};
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Feature feature(const Deps& deps) {
  using http::Lane;
  Feature feature{.name = "mailbox"};
  http::Routes pages{deps.pages.surface(), feature.routes};
  pages.get("/mail", Lane::quick, if_signed_in, [deps](const http::Call& call) { return show_list(deps, call); });
  pages.get("/mail/events", Lane::quick, if_signed_in, [deps](const http::Call&) { return tell_latest(deps); });
  pages.get("/mail/{id}", Lane::quick, if_signed_in,
            [deps](const http::Call& call) { return show_letter(deps, call); });
  pages.get("/mail/{id}/html", Lane::quick, if_signed_in,
            [deps](const http::Call& call) { return show_html(deps, call); });
  return feature;
}

}  // namespace

FeatureEntry entry() {
  return {.for_development = [](FeatureSettings& settings) { settings.of<Settings>().is_on = true; },
          .make =
              [](const Host& host) {
                if (!host.settings.of<Settings>().is_on) return Feature{.name = "mailbox"};
                return feature({.database = host.authn.database, .pages = host.pages});
              }};
}

}  // namespace cardea::mailbox
