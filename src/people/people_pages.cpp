#include <algorithm>

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

// A list that can be a leaderboard of everybody begins as one. Where a number has no default, somebody may have none.
std::string default_sort(const identity::Settings& settings) {
  const auto is_for_all = [](const identity::Field& field) {
    return field.is_sortable() && identity::default_of(field).has_value();
  };
  const auto at = std::find_if(settings.fields.begin(), settings.fields.end(), is_for_all);
  return at == settings.fields.end() ? "-created_at" : "-" + at->name;
}

wire::Array columns_of(const page::Words& words, const identity::Settings& settings, const identity::Order& order) {
  wire::Array columns;
  for (const auto* field : public_fields(settings)) {
    const bool chosen = order.field == field->name;
    const bool to_descending = !chosen || !order.descending;
    columns.emplace_back(wire::Object{
        {"label", page::label_of(words, field->name, field->label)},
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

std::string cell_text(const page::Words& words, const identity::Field& field, const identity::ProfileView& profile) {
  const auto* value = profile.find(field.name);
  if (value == nullptr) return {};
  if (const auto* json = std::get_if<identity::JsonView>(value)) return beginning_of(json->text);
  const auto* number = std::get_if<std::int64_t>(value);
  if (number == nullptr) return std::string{std::get<std::string_view>(*value)};
  if (field.type == identity::FieldType::boolean) return std::string{words.text(*number != 0 ? "form.yes" : "form.no")};
  return std::to_string(*number);
}

// Whether the list is a leaderboard: by a number, the highest first.
bool is_ranked(const identity::Settings& settings, const identity::Order& order) {
  const auto* field = identity::find_field(settings.fields, order.field);
  return field != nullptr && field->is_sortable() && order.descending;
}

// Writes places beside the rows of a leaderboard. They are counted here and now: an address cannot say them.
class Places {
 public:
  Places(db::Tx& tx, const Query& query) : tx_(&tx), query_(&query) {}

  std::string of(std::int64_t number) {
    if (row_ == 0 && query_->after) start_ = identity::place_of(*tx_, query_->order, *query_->after, number);
    if (!start_) return {};
    if (row_ == 0) {
      place_ = start_->place;
    } else if (number != last_) {
      place_ = start_->before + row_ + 1;
    }
    last_ = number;
    ++row_;
    return std::to_string(place_);
  }

 private:
  db::Tx* tx_;
  const Query* query_;
  std::optional<identity::Place> start_ = identity::Place{};
  std::int64_t row_ = 0;
  std::int64_t place_ = 0;
  std::int64_t last_ = 0;
};

wire::Object row_of(const Deps& deps, const http::Call& call, const page::Words& words,
                    const identity::Listed& account) {
  wire::Array cells;
  for (const auto* field : public_fields(deps.account.identity)) {
    cells.emplace_back(wire::Object{{"text", cell_text(words, *field, account.profile)},
                                    {"numeric", field->type == identity::FieldType::integer}});
  }
  return {{"name", account.name},
          {"initial", page::initial(account.name.empty() ? account.uid.value_or("") : account.name)},
          {"uid", account.uid.value_or("")},
          {"me", call.context.is(account.id)},
          {"cells", std::move(cells)}};
}

// A row, and the number that the list is ordered by.
struct Row {
  wire::Object row;
  std::int64_t number;
};

Result<http::Response> show_users(const Deps& deps, const http::Call& call) {
  const auto asked = call.query<ListQuery>();
  if (!asked) return page::redirect("/users");
  const auto sort = asked->sort.value_or(default_sort(deps.account.identity));
  auto query = read_query(deps.account.identity, *asked, sort);
  if (!query) return page::redirect("/users");  // a cursor of long ago, or a field that is declared no more
  query->limit = page_size;
  const auto words = deps.pages.words(call);
  const bool ranked = is_ranked(deps.account.identity, query->order);
  auto shown = deps.account.database.read([&](db::Tx& tx) {
    std::pair<std::vector<Row>, std::optional<identity::Position>> page;
    page.second = identity::list(tx, query->order, query->after, query->limit, [&](const identity::Listed& account) {
      const auto* number = ranked ? account.profile.find(query->order.field) : nullptr;
      page.first.push_back(
          {row_of(deps, call, words, account), number != nullptr ? std::get<std::int64_t>(*number) : 0});
    });
    Places places{tx, *query};
    for (auto& [row, number] : page.first) row.push_back({"rank", ranked ? places.of(number) : ""});
    return page;
  });
  wire::Array rows;
  for (auto& each : shown.first) rows.emplace_back(std::move(each.row));
  const auto& next = shown.second;
  wire::Object data{{"columns", columns_of(words, deps.account.identity, query->order)},
                    {"has_rows", !rows.empty()},
                    {"rows", std::move(rows)},
                    {"ranked", ranked}};
  data.push_back({"is_paged", query->after || next});
  if (query->after) data.push_back({"first", "/users?sort=" + sort});
  if (next) data.push_back({"next_page", "/users?sort=" + sort + "&cursor=" + identity::to_cursor(*next)});
  return deps.pages.render("users", call, std::move(data));
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  if (!deps.settings.is_off()) {
    pages
        .get("/users", Lane::quick, deps.settings.requirement(),
             [deps](const http::Call& call) { return show_users(deps, call); })
        .query = &http::query_of<ListQuery>();
  }
  return routes;
}

}  // namespace cardea::people
