#include "http/query.hpp"

#include "base/enum_text.hpp"
#include "http/pipeline_fixture.hpp"

namespace cardea::http {

enum class Order { up, down };
constexpr auto enum_texts(Order) { return std::to_array<EnumText<Order>>({{Order::up, "up"}, {Order::down, "down"}}); }

struct ListQuery {
  std::int64_t limit = 50;
  std::optional<std::string> cursor;
  Order order = Order::up;
};
template <class D>
void describe(D& d, wire::Of<D, ListQuery>& query) {
  d.optional("limit", query.limit, {.min = 1, .max = 200, .doc = "How many."});
  d.optional("cursor", query.cursor, {.max = 5});
  d.optional("order", query.order);
}

struct OtherQuery {
  std::string q;
};
template <class D>
void describe(D& d, wire::Of<D, OtherQuery>& query) {
  d.required("q", query.q);
}

namespace {

Handler tells_list() {
  return [](const Call& call) -> Result<Response> {
    const auto query = TRY(call.query<ListQuery>());
    return json(200, std::to_string(query.limit) + " " + query.cursor.value_or("-") + " " +
                         std::string{enum_text(query.order)});
  };
}

std::string problems_of(const Response& response) {
  const auto body = wire::parse(response.body.text()).value();
  std::string text;
  const auto* errors = body.find("errors");
  if (errors == nullptr) return text;
  for (const auto& each : *errors->get<wire::Array>()) {
    text += (text.empty() ? "" : " ") + *each.find("pointer")->get<std::string>() + ":" +
            *each.find("code")->get<std::string>();
  }
  return text;
}

class QueryOf : public PipelineTest {
 protected:
  QueryOf() {
    auto api = route(Method::get, "/v1/list", api_surface(), tells_list());
    api.query = &query_of<ListQuery>();
    auto page = route(Method::get, "/list", page_surface(), tells_list());
    page.query = &query_of<ListQuery>();
    pipeline = make({api, page, route(Method::post, "/v1/list", api_surface(), says("{}")),
                     route(Method::get, "/v1/undeclared", api_surface(), tells_list())});
  }
  Response get(std::string_view target) { return respond(*pipeline, request(Method::get, target), noon); }

  std::unique_ptr<Pipeline> pipeline;
};

TEST_F(QueryOf, declared_parameters_are_read_by_their_types) {
  EXPECT_EQ(get("/v1/list").body, "50 - up");
  EXPECT_EQ(get("/v1/list?order=down&limit=7&cursor=a%20b").body, "7 a b down");
  EXPECT_EQ(get("/v1/list?limit=200&&cursor=").body, "200  up");
}

TEST_F(QueryOf, value_that_does_not_fit_is_refused_by_name) {
  const std::initializer_list<std::pair<std::string_view, std::string_view>> wrong{
      {"limit=0", "/limit:out_of_range"},      {"limit=201", "/limit:out_of_range"},
      {"limit=x", "/limit:out_of_range"},      {"limit=", "/limit:out_of_range"},
      {"limit=1e2", "/limit:out_of_range"},    {"cursor=123456", "/cursor:too_long"},
      {"order=sideways", "/order:wrong_type"}, {"order=down&limit=9999999999999999999", "/limit:out_of_range"}};
  for (const auto& [query, problem] : wrong) {
    const Response response = get("/v1/list?" + std::string{query});
    EXPECT_EQ(response.status, 422) << query;
    EXPECT_EQ(code(response), "validation_failed") << query;
    EXPECT_EQ(problems_of(response), problem) << query;
  }
}

TEST_F(QueryOf, parameter_that_does_nothing_is_refused_by_name_in_the_api) {
  const Response response = get("/v1/list?limits=7&limit=7&a%2Fb=1");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(code(response), "unknown_parameter");
  EXPECT_EQ(problems_of(response), "/a~1b:unknown_parameter /limits:unknown_parameter");
  EXPECT_NE(response.body.text().find("takes limit, cursor and order."), std::string::npos) << response.body.text();
  const Response none = respond(*pipeline, request(Method::post, "/v1/list?utm_source=x"), noon);
  EXPECT_EQ(none.status, 422);
  EXPECT_NE(none.body.text().find("takes no parameters."), std::string::npos);
}

TEST_F(QueryOf, parameter_that_does_nothing_does_no_harm_on_a_page) {
  EXPECT_EQ(get("/list?utm_source=x&limit=7").body, "7 - up");
  EXPECT_EQ(get("/list?limit=&order=").body, "50 - up") << "as a form writes what was left empty";
}

TEST_F(QueryOf, parameter_that_is_there_twice_is_named) {
  const Response response = get("/v1/list?limit=1&x=1&limit=1&x=2");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code(response), "malformed_request");
  EXPECT_EQ(problems_of(response), "/limit:repeated_parameter /x:repeated_parameter");
}

TEST_F(QueryOf, refusal_has_bounds) {
  std::string query = "/v1/list?" + std::string(500, 'y') + "=1";
  for (int i = 0; i < 100; ++i) query += "&x" + std::to_string(i) + "=1";
  const Response response = get(query);
  EXPECT_EQ(code(response), "unknown_parameter");
  EXPECT_LT(response.body.text().size(), 2500U);
  EXPECT_EQ(response.body.text().find("yyy"), std::string::npos);
  EXPECT_EQ(code(get("/v1/list?" + std::string(500, 'y') + "=1")), "unknown_parameter");
}

TEST_F(QueryOf, handler_cannot_read_what_its_route_does_not_declare) {
  EXPECT_EQ(get("/v1/undeclared").status, 500);
  EXPECT_NE(lines_.find("a query that is not declared: /v1/undeclared"), std::string::npos);
}

TEST_F(QueryOf, parameters_have_a_schema_with_their_default) {
  const auto& kind = query_of<ListQuery>();
  ASSERT_EQ(kind.parameters.size(), 3U);
  EXPECT_EQ(wire::to_json(kind.parameters[0].schema), R"({"type":"integer","minimum":1,"maximum":200,"default":50})");
  EXPECT_EQ(kind.parameters[0].doc, "How many.");
  EXPECT_EQ(wire::to_json(kind.parameters[1].schema), R"({"type":"string","maxLength":5})");
  EXPECT_EQ(wire::to_json(kind.parameters[2].schema), R"({"type":"string","enum":["up","down"],"default":"up"})");
  EXPECT_FALSE(kind.parameters[0].is_required);
  EXPECT_TRUE(query_of<OtherQuery>().find("q")->is_required);
  EXPECT_EQ(query_of<OtherQuery>().find("p"), nullptr);
}

}  // namespace
}  // namespace cardea::http
