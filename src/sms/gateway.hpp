#pragma once
// The operator's gateway for text messages: a request over HTTP, made from a template.
//
// Never: puts anything into a request but by the rules of its content type; takes an answer for a success that the
// settings do not call one.

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_text.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "outbound/http.hpp"
#include "sms/number.hpp"

namespace cardea::sms {

/// How a body is written, and what its placeholders are escaped by.
enum class Preset { form, json };
constexpr auto enum_texts(Preset) {
  return std::to_array<EnumText<Preset>>({{Preset::form, "form"}, {Preset::json, "json"}});
}
enum class Method { post, put, get };
constexpr auto enum_texts(Method) {
  return std::to_array<EnumText<Method>>({{Method::post, "POST"}, {Method::put, "PUT"}, {Method::get, "GET"}});
}

struct GatewaySettings {
  std::string url;  // empty: there is none
  Preset preset = Preset::form;
  Method method = Method::post;
  std::string sender;
  std::string user;
  Secret secret;
  std::vector<std::string> headers;
  std::string body;  // empty: that of the preset
  std::vector<std::string> success{"2xx"};
  std::string success_field;
  std::string success_value;
  std::string success_text;
  std::string ca_file;
  bool allow_private = false;
  Duration timeout = std::chrono::seconds{15};
};
void describe_gateway(config::Section& section, GatewaySettings& settings);

/// One message to one telephone.
struct Text {
  Number to;
  std::string text;
  std::string id;  // the same for each attempt at it
};

/// The request for a message.
[[nodiscard]] outbound::HttpRequest request_for(const GatewaySettings& settings, const Text& message);

/// What the gateway made of it.
enum class Verdict {
  taken,
  refused,  // this very message, for good
  failed,   // something else, which may be better later
};
[[nodiscard]] Verdict judge(const GatewaySettings& settings, const outbound::HttpOutcome& outcome);

struct Delivery {
  Verdict verdict = Verdict::failed;
  std::string reason = {};  // for the operator, without anything secret
};
/// Blocks for the time-out at most.
[[nodiscard]] Delivery deliver(const GatewaySettings& settings, const Text& message, const std::stop_token& stop = {});

}  // namespace cardea::sms
