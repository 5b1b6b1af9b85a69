// Requests as gateways want them, and what is made of their answers.

#include "sms/gateway.hpp"

#include <gtest/gtest.h>

#include "encoding/form.hpp"
#include "encoding/value.hpp"
#include "sms/template.hpp"
#include "tests/support/fake_server.hpp"

namespace cardea::sms {
namespace {

using testing_support::FakeServer;
using testing_support::http_reply;
using Kind = outbound::HttpOutcome::Kind;

Text message(std::string text = "482913 is your code") {
  return {.to = Number::parse("+4915112345678").value(), .text = std::move(text), .id = "job_1"};
}

GatewaySettings gateway(const std::string& url = "https://sms.example.com/send") {
  GatewaySettings settings;
  settings.url = url;
  settings.sender = "Acme";
  settings.secret = Secret{"s3cret"};
  settings.allow_private = true;
  return settings;
}

std::string header(const outbound::HttpRequest& request, std::string_view name) {
  for (const auto& line : request.headers) {
    if (line.reveal().starts_with(std::string{name} + ": ")) return std::string{line.reveal().substr(name.size() + 2)};
  }
  return "";
}

constexpr const char* hostile = "a&b=c\"}\\ \r\nX: y {secret} 100% ü <script>";

TEST(Gateway, form_is_escaped_as_a_form) {
  const auto request = request_for(gateway(), message(hostile));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(header(request, "Content-Type"), "application/x-www-form-urlencoded");
  const auto fields = encoding::parse_urlencoded(request.body.reveal());
  ASSERT_TRUE(fields.ok());
  EXPECT_EQ(*fields->find("to")->get<std::string>(), "+4915112345678");
  EXPECT_EQ(*fields->find("from")->get<std::string>(), "Acme");
  EXPECT_EQ(*fields->find("text")->get<std::string>(), hostile) << "no placeholder within a value is filled in";
  EXPECT_EQ(fields->get<wire::Object>()->size(), 3U);
}

TEST(Gateway, json_is_escaped_as_json) {
  auto settings = gateway();
  settings.preset = Preset::json;
  const auto request = request_for(settings, message(hostile));
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
  const auto body = wire::parse(request.body.reveal());
  ASSERT_TRUE(body.ok()) << request.body.reveal();
  EXPECT_EQ(*body->find("to")->get<std::string>(), "+4915112345678");
  EXPECT_EQ(*body->find("text")->get<std::string>(), hostile);
}

TEST(Gateway, has_templates_of_its_own) {
  auto settings = gateway("https://sms.example.com/{id}?n={digits}");
  settings.preset = Preset::json;
  settings.body = R"({"messages":[{"to":"{digits}","content":{"text":"{text}"}}],"{other}":{}})";
  settings.headers = {"Authorization: AccessKey {secret}", "Idempotency-Key: {id}"};
  const auto request = request_for(settings, message("hello"));
  EXPECT_EQ(request.url.reveal(), "https://sms.example.com/job_1?n=4915112345678");
  EXPECT_EQ(header(request, "Authorization"), "AccessKey s3cret");
  EXPECT_EQ(header(request, "Idempotency-Key"), "job_1");
  EXPECT_EQ(unknown_placeholder(settings.body), "{other}");
  EXPECT_EQ(unknown_placeholder("{}{Text}{te xt}{\"text\"}{1}"), "") << "text";
}

TEST(Gateway, says_who_it_is_by_basic_authentication) {
  auto settings = gateway();
  settings.user = "AC123";
  EXPECT_EQ(header(request_for(settings, message()), "Authorization"), "Basic QUMxMjM6czNjcmV0");
}

TEST(Gateway, get_says_everything_in_its_url) {
  auto settings = gateway("https://sms.example.com/send?to={number}&text={text}&key={secret}");
  settings.method = Method::get;
  const auto request = request_for(settings, message("a b&c"));
  EXPECT_EQ(request.url.reveal(), "https://sms.example.com/send?to=%2B4915112345678&text=a%20b%26c&key=s3cret");
  EXPECT_TRUE(request.body.empty());
}

TEST(Gateway, header_stays_one_line) {
  auto settings = gateway();
  settings.headers = {"X-Text: {text}"};
  EXPECT_EQ(header(request_for(settings, message("a\r\nEvil: 1")), "X-Text"), "aEvil: 1");
}

TEST(Gateway, answer_is_a_success_by_the_settings_alone) {
  auto settings = gateway();
  const auto verdict = [&](int status, std::string body) {
    return judge(settings, {.kind = Kind::answered, .status = status, .body = std::move(body)});
  };
  for (const int status : {200, 201, 202, 204}) EXPECT_EQ(verdict(status, ""), Verdict::taken) << status;
  for (const int status : {400, 422}) EXPECT_EQ(verdict(status, ""), Verdict::refused) << status;
  for (const int status : {100, 301, 302, 401, 402, 403, 404, 408, 409, 429, 500, 503}) {
    EXPECT_EQ(verdict(status, ""), Verdict::failed) << status;
  }
  settings.success = {"202"};
  EXPECT_EQ(verdict(200, ""), Verdict::failed);
  EXPECT_EQ(verdict(202, ""), Verdict::taken);
  settings.success = {"2xx"};
  settings.success_text = "OK";
  EXPECT_EQ(verdict(200, "ERR 3"), Verdict::failed);
  EXPECT_EQ(verdict(200, "OK 17"), Verdict::taken);
  settings.success_text = "";
  settings.success_field = "messages.0.status";
  settings.success_value = "0";
  EXPECT_EQ(verdict(200, R"({"messages":[{"status":"0"}]})"), Verdict::taken);
  EXPECT_EQ(verdict(200, R"({"messages":[{"status":0}]})"), Verdict::taken);
  for (const char* body :
       {R"({"messages":[{"status":"4"}]})", R"({"messages":[]})", R"({"messages":{"0":1}})", "", "0", "<html>",
        R"({"status":"0"})", R"({"messages":[{"status":"0"}],"messages":[{"status":"4"}]})"}) {
    EXPECT_EQ(verdict(200, body), Verdict::failed) << body;
  }
  EXPECT_EQ(judge(gateway(), {.kind = Kind::too_large, .status = 200}), Verdict::failed);
  EXPECT_EQ(judge(gateway(), {.kind = Kind::forbidden}), Verdict::failed);
}

TEST(Gateway, takes_a_message) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(202, "{}")}; }};
  EXPECT_EQ(deliver(gateway(server.url("/send")), message()).verdict, Verdict::taken);
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_TRUE(server.requests()[0].ends_with("\r\n\r\nto=%2B4915112345678&from=Acme&text=482913%20is%20your%20code"))
      << server.requests()[0];
}

TEST(Gateway, in_a_private_network_is_asked_only_where_it_may_be) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(202, "{}")}; }};
  auto settings = gateway(server.url("/send"));
  settings.allow_private = false;
  const auto delivery = deliver(settings, message());
  EXPECT_EQ(delivery.verdict, Verdict::failed);
  EXPECT_EQ(delivery.reason, "its address is not public");
  EXPECT_TRUE(server.requests().empty());
}

TEST(Gateway, failure_says_nothing_of_the_message) {
  const FakeServer server{[](const std::string&) { return FakeServer::Reply{http_reply(401, "key s3cret is wrong")}; }};
  const auto delivery = deliver(gateway(server.url("/send?key={secret}")), message());
  EXPECT_EQ(delivery.reason, "the gateway answered 401");
}

}  // namespace
}  // namespace cardea::sms
