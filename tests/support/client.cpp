#include "tests/support/client.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "encoding/form.hpp"
#include "tests/support/form_text.hpp"
#include "tests/support/world.hpp"

namespace cardea::testing_support {
namespace {

/// What a client that reads to the end gets; cut off where a producer fails.
std::string whole(http::ResponseBody body) {
  auto* producer = body.producer();
  if (producer == nullptr) return std::move(body).text();
  std::string text;
  for (;;) {
    std::string piece;
    const auto progress = producer->pull(piece);
    if (!progress) return text;
    EXPECT_LE(piece.size(), http::max_piece);
    text += piece;
    if (*progress == http::Progress::complete) return text;
  }
}

http::Request json_request(http::Method method, std::string_view target, std::string body) {
  http::Request request{.method = method, .target = std::string{target}, .body = std::move(body)};
  request.headers.add("Content-Type", "application/json");
  return request;
}

bool has_attribute(const std::string& cookie, std::string_view attribute) {
  const auto parts = text::split(cookie, ';');
  return std::any_of(parts.begin() + 1, parts.end(),
                     [&](const auto& part) { return text::equals_ignoring_case(text::trim(part), attribute); });
}

}  // namespace

Client::Client(World& world, Kind kind) : world_(&world), kind_(kind) {}

Answer Client::get(std::string_view target) {
  return send({.method = http::Method::get, .target = std::string{target}});
}
Answer Client::del(std::string_view target) {
  return send({.method = http::Method::del, .target = std::string{target}});
}
Answer Client::post(std::string_view target, wire::Object body) {
  return send(json_request(http::Method::post, target, wire::to_json(std::move(body))));
}
Answer Client::put(std::string_view target, wire::Object body) {
  return send(json_request(http::Method::put, target, wire::to_json(std::move(body))));
}
Answer Client::patch(std::string_view target, wire::Object body) {
  return send(json_request(http::Method::patch, target, wire::to_json(std::move(body))));
}
Answer Client::post_text(std::string_view target, std::string_view body) {
  return send(json_request(http::Method::post, target, std::string{body}));
}

Answer Client::send(http::Request request) {
  request.peer = address_;
  request.secure = true;
  add_own_headers(request);
  auto response = world_->answer(request);
  Answer answer{
      .status = response.status, .headers = std::move(response.headers), .body = whole(std::move(response.body))};
  keep_cookies(answer);
  return answer;
}

void Client::add_own_headers(http::Request& request) const {
  std::map<std::string, std::string, std::less<>> own;
  own["User-Agent"] = kind_ == Kind::browser
                          ? "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
                            "Safari/537.36"
                          : "curl/7.88.1";
  if (kind_ == Kind::browser) {
    own["Sec-Fetch-Site"] = "same-origin";
    if (!http::is_safe(request.method)) own["Origin"] = world_->settings().url;
  }
  std::string cookies;
  for (const auto& [name, value] : jar_) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  if (!cookies.empty()) own["Cookie"] = cookies;
  for (const auto& [name, value] : extra_) own[name] = value;
  for (const auto& [name, value] : own) {
    if (!value.empty() && !request.headers.has(name)) request.headers.add(name, value);
  }
}

// As a browser does: refuses a __Host- cookie that breaks its promise, and drops what has no time left.
void Client::keep_cookies(const Answer& answer) {
  for (const auto& field : answer.all("Set-Cookie")) {
    const auto pair = field.substr(0, field.find(';'));
    const auto equals = pair.find('=');
    const std::string name = pair.substr(0, equals);
    const bool keeps_promise = has_attribute(field, "Secure") && has_attribute(field, "Path=/") &&
                               text::lower(field).find("domain=") == std::string::npos;
    if (name.starts_with("__Host-") && !keeps_promise) {
      ADD_FAILURE() << "a browser refuses this cookie: " << field;
      continue;
    }
    if (has_attribute(field, "Max-Age=0")) {
      jar_.erase(name);
    } else {
      jar_[name] = pair.substr(equals + 1);
    }
  }
}

Answer Client::submit(std::string_view page, FormFields fields, std::string_view action, std::vector<Upload> files) {
  const Answer opened = get(page);
  const std::string target{action.empty() ? page.substr(0, page.find('?')) : action};
  const auto hidden = hidden_fields(opened.body, target);
  EXPECT_FALSE(hidden.empty()) << "no form for " << target << " on " << page << ": " << opened.status << " "
                               << opened.header("Location");
  FormFields all = fields;
  for (const auto& [name, value] : hidden) {
    const bool given =
        std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    if (!given) all.emplace_back(name, value);
  }
  if (files.empty()) return post_form(target, all);
  http::Request request{.method = http::Method::post, .target = target, .body = multipart_body(all, files)};
  request.headers.add("Content-Type", multipart_type);
  return send(std::move(request));
}

Answer Client::post_form(std::string_view target, const FormFields& fields) {
  http::Request request{.method = http::Method::post, .target = std::string{target}, .body = urlencoded_body(fields)};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  return send(std::move(request));
}

Answer Client::follow(const Answer& answer) {
  const auto location = answer.header("Location");
  EXPECT_TRUE(answer.status >= 300 && answer.status < 400 && location.starts_with("/"))
      << answer.status << " leads to \"" << location << "\" " << answer.body;
  return get(location.substr(0, location.find('#')));
}

Answer Client::sign_up(std::string_view uid, wire::Object more) {
  wire::Object body = std::move(more);
  const auto add = [&body](std::string_view name, std::string value) {
    const bool given = std::any_of(body.begin(), body.end(), [&](const auto& member) { return member.name == name; });
    if (!given) body.push_back({std::string{name}, std::move(value)});
  };
  add("name", "Person " + std::string{uid});
  add("uid", std::string{uid});
  add("password", good_password);
  return post("/v1/signup", std::move(body));
}

Answer Client::sign_in(std::string_view uid, std::string_view password) {
  return post("/v1/signin", {{"uid", uid}, {"password", password}});
}

Answer Client::reauthenticate(std::string_view password) { return post("/v1/reauth", {{"password", password}}); }

Client& Client::bearer(std::string_view token) {
  return header("Authorization", token.empty() ? std::string{} : "Bearer " + std::string{token});
}
Client& Client::header(std::string_view name, std::string_view value) {
  extra_[std::string{name}] = value;
  return *this;
}
Client& Client::from(std::string_view address) {
  address_ = address;
  return *this;
}

std::string Client::cookie(std::string_view name) const {
  const auto at = jar_.find(name);
  return at == jar_.end() ? std::string{} : at->second;
}
void Client::set_cookie(std::string_view name, std::string_view value) { jar_[std::string{name}] = value; }
void Client::drop_cookie(std::string_view name) { jar_.erase(std::string{name}); }

}  // namespace cardea::testing_support
