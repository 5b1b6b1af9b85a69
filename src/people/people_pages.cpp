#include <algorithm>

#include "base/text.hpp"
#include "people/people.hpp"
#include "people/people_routes.hpp"

namespace cardea::people {
namespace {

constexpr std::int64_t page_size = 25;

std::vector<const identity::Field*> public_fields(const identity::Settings& settings) {
  std::vector<const identity::Field*> fields;
  for (const auto& field : settings.fields) {
    if (field.see == identity::Visibility::everyone) fields.push_back(&field);
  }
  return fields;
}

// A list that can be a leaderboard begins as one.
std::string default_sort(const identity::Settings& settings) {
  const auto at = std::find_if(settings.fields.begin(), settings.fields.end(),
                               [](const identity::Field& field) { return field.is_sortable(); });
  return at == settings.fields.end() ? "-created_at" : "-" + at->name;
}

wire::Array columns_of(const identity::Settings& settings, const identity::Order& order) {
  wire::Array columns;
  for (const auto* field : public_fields(settings)) {
    const bool chosen = order.field == field->name;
    const bool to_descending = !chosen || !order.descending;
    columns.emplace_back(wire::Object{
        {"label", field->label.empty() ? field->name : field->label},
        {"numeric", field->type == identity::FieldType::integer},
        {"sort_href", field->is_sortable() ? "/users?sort=" + std::string{to_descending ? "-" : ""} + field->name : ""},
        {"ascending", chosen && !order.descending},
        {"descending", chosen && order.descending}});
  }
  return columns;
}

/// The beginning of JSON that is too long for a cell; the profile has all of it.
std::string beginning_of(std::string_view json) {
  constexpr std::size_t most = 80;
  if (json.size() <= most) return std::string{json};
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(json[end]) & 0xC0) == 0x80) --end;  // not within a character
  return std::string{json.substr(0, end)} + "…";
}

std::string cell_text(const page::Pages& pages, const identity::Field& field, const identity::ProfileView& profile) {
  const auto* value = profile.find(field.name);
  if (value == nullptr) return {};
  if (const auto* json = std::get_if<identity::JsonView>(value)) return beginning_of(json->text);
  const auto* number = std::get_if<std::int64_t>(value);
  if (number == nullptr) return std::string{std::get<std::string_view>(*value)};
  if (field.type == identity::FieldType::boolean)
    return std::string{pages.string(*number != 0 ? "form.yes" : "form.no")};
  return std::to_string(*number);
}

// The place of the first row, when the list is a leaderboard: known at its start, and carried by its own links.
std::optional<std::int64_t> first_place(const identity::Settings& settings, const Query& query,
                                        const http::Call& call) {
  constexpr std::int64_t most = 1'000'000'000;
  const auto* field = identity::find_field(settings.fields, query.order.field);
  if (field == nullptr || !field->is_sortable() || !query.order.descending) return std::nullopt;
  if (!query.after) return 1;
  const auto place = text::parse_integer(call.query("place").value_or(""));
  return place && *place > 0 && *place < most ? place : std::nullopt;
}

wire::Object row_of(const Deps& deps, const http::Call& call, const identity::Listed& account) {
  wire::Array cells;
  for (const auto* field : public_fields(deps.account.identity)) {
    cells.emplace_back(wire::Object{{"text", cell_text(deps.pages, *field, account.profile)},
                                    {"numeric", field->type == identity::FieldType::integer}});
  }
  return {{"name", account.name},
          {"uid", account.uid.value_or("")},
          {"me", call.context.is(account.id)},
          {"cells", std::move(cells)}};
}

Result<http::Response> show_users(const Deps& deps, const http::Call& call) {
  const auto sort = call.query("sort").value_or(default_sort(deps.account.identity));
  auto query = read_query(deps.account.identity, call, sort);
  if (!query) return page::redirect("/users");  // a cursor of long ago, or a field that is declared no more
  query->limit = page_size;
  const auto first = first_place(deps.account.identity, *query, call);
  const bool ranked = first.has_value();
  auto [rows, next] = deps.account.database.read([&](db::Tx& tx) {
    wire::Array shown;
    auto after = identity::list(tx, query->order, query->after, query->limit, [&](const identity::Listed& account) {
      auto row = row_of(deps, call, account);
      row.push_back({"rank", ranked ? std::to_string(*first + std::ssize(shown)) : ""});
      shown.emplace_back(std::move(row));
    });
    return std::pair{std::move(shown), after};
  });
  const auto next_place = first.value_or(0) + std::ssize(rows);
  wire::Object data{
      {"columns", columns_of(deps.account.identity, query->order)}, {"rows", std::move(rows)}, {"ranked", ranked}};
  data.push_back({"is_paged", query->after || next});
  if (query->after) data.push_back({"first", "/users?sort=" + sort});
  if (next) {
    const std::string from = ranked ? "&place=" + std::to_string(next_place) : "";
    data.push_back({"next_page", "/users?sort=" + sort + "&cursor=" + identity::to_cursor(*next) + from});
  }
  return deps.pages.render("users", call, std::move(data));
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  if (!deps.settings.is_off()) {
    pages.get("/users", Lane::quick, deps.settings.requirement(),
              [deps](const http::Call& call) { return show_users(deps, call); });
  }
  return routes;
}

}  // namespace cardea::people
