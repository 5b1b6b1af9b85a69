#include "sms/gateway.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "encoding/base64.hpp"
#include "encoding/value.hpp"
#include "sms/template.hpp"

namespace cardea::sms {
namespace {

constexpr std::size_t most_answer = 65'536;

std::string_view content_type(Preset preset) {
  switch (preset) {
    case Preset::form: return "application/x-www-form-urlencoded";
    case Preset::json: return "application/json";
  }
  return "";
}

std::string_view usual_body(Preset preset) {
  switch (preset) {
    case Preset::form: return "to={number}&from={sender}&text={text}";
    case Preset::json: return R"({"to":"{number}","from":"{sender}","text":"{text}"})";
  }
  return "";
}

Escape escape_of(Preset preset) { return preset == Preset::form ? Escape::form : Escape::json; }

std::string_view body_of(const GatewaySettings& settings) {
  return settings.body.empty() ? usual_body(settings.preset) : std::string_view{settings.body};
}

/// "2xx", "202".
bool is_status_pattern(std::string_view text) {
  const bool is_sound = text.size() == 3 && text[0] >= '1' && text[0] <= '5';
  return is_sound && (text.substr(1) == "xx" || (text[1] >= '0' && text[1] <= '9' && text[2] >= '0' && text[2] <= '9'));
}
bool has_status(std::string_view pattern, int status) {
  const auto text = std::to_string(status);
  return pattern.substr(1) == "xx" ? text.substr(0, 1) == pattern.substr(0, 1) : text == pattern;
}

/// "messages.0.status": members by name and items by number; null: there is no such place.
const wire::Value* find_field(const wire::Value& root, std::string_view path) {
  const auto* at = &root;
  for (const auto step : text::split(path, '.')) {
    if (const auto* items = at->get<wire::Array>()) {
      const auto index = text::parse_integer(step);
      if (!index || *index < 0 || *index >= std::ssize(*items)) return nullptr;
      at = &(*items)[static_cast<std::size_t>(*index)];
    } else {
      at = at->find(step);
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

/// Text as it is, and what is none as JSON writes it.
std::string text_of(const wire::Value& value) {
  const auto* text = value.get<std::string>();
  return text != nullptr ? *text : wire::to_json(value);
}

bool has_field(const GatewaySettings& settings, std::string_view body) {
  const auto parsed = wire::parse(body);
  const auto* found = parsed ? find_field(*parsed, settings.success_field) : nullptr;
  return found != nullptr && text_of(*found) == settings.success_value;
}

bool is_success(const GatewaySettings& settings, const outbound::HttpOutcome& outcome) {
  const bool has_good_status = std::any_of(settings.success.begin(), settings.success.end(),
                                           [&](const auto& pattern) { return has_status(pattern, outcome.status); });
  if (!has_good_status) return false;
  if (!settings.success_text.empty() && outcome.body.find(settings.success_text) == std::string::npos) return false;
  return settings.success_field.empty() || has_field(settings, outcome.body);
}

std::string problem_with_templates(const GatewaySettings& settings) {
  const Number number = Number::parse("+4915112345678").value();
  const auto unknown = [](std::string_view setting, std::string_view pattern) -> std::string {
    const auto name = unknown_placeholder(pattern);
    if (name.empty()) return {};
    return "sms." + std::string{setting} + " has " + std::string{name} +
           ", which is none of {number}, {digits}, {text}, {sender}, {secret} and {id}";
  };
  if (auto problem = unknown("url", settings.url); !problem.empty()) return problem;
  if (auto problem = unknown("body", settings.body); !problem.empty()) return problem;
  std::string all = settings.url;
  if (settings.method != Method::get) all += body_of(settings);
  for (const auto& line : settings.headers) {
    if (auto problem = unknown("headers", line); !problem.empty()) return problem;
    all += line;
  }
  if (!mentions(all, "text")) return "sms.body has no {text}: the message would be empty";
  if (!mentions(all, "number") && !mentions(all, "digits")) return "sms.body has neither {number} nor {digits}";
  if (mentions(all, "secret") && settings.secret.empty()) return "{secret} is used, and sms.secret_file is not set";
  if (mentions(all, "sender") && settings.sender.empty()) return "sms.sender is not set";
  const auto request = request_for(settings, {.to = number, .text = "x", .id = "x"});
  if (settings.preset == Preset::json && !request.body.empty() && !wire::parse(request.body.reveal())) {
    return "sms.body is no JSON once its placeholders are filled in; put them in quotes, as in \"{text}\"";
  }
  if (auto problem = outbound::problem_with_http_url(request.url.reveal()); !problem.empty())
    return "sms.url " + problem;
  for (const auto& line : request.headers) {
    if (auto problem = outbound::problem_with_header(line.reveal()); !problem.empty())
      return "sms.headers: one " + problem;
  }
  return {};
}

std::string problem_with(const GatewaySettings& settings) {
  if (settings.url.empty()) return {};
  if (settings.url.starts_with("http://") && !settings.allow_private) {
    return "sms.url must begin with https://, unless sms.allow_private says that the gateway is near";
  }
  if (!settings.user.empty() && settings.secret.empty()) return "sms.user is set, and sms.secret_file is not";
  if (!settings.success_value.empty() && settings.success_field.empty()) {
    return "sms.success_value is set, and sms.success_field is not";
  }
  if (settings.success.empty()) return "sms.success is empty: no answer would be a good one";
  for (const auto& pattern : settings.success) {
    if (!is_status_pattern(pattern)) return "sms.success: \"" + pattern + "\" is no status such as \"202\" or \"2xx\"";
  }
  return problem_with_templates(settings);
}

}  // namespace

void describe_gateway(config::Section& section, GatewaySettings& settings) {
  section.text("url", settings.url,
               "The gateway that takes text messages, over https. Empty: none are sent, and what needs them is not "
               "offered.");
  section.choice("preset", settings.preset, "What the body of a request is: a form, or JSON.");
  section.choice("method", settings.method, "Of the request; a GET has no body, and says everything in `sms.url`.");
  section.text("sender", settings.sender, "Who messages are from: a number, or a name, as the gateway allows.");
  section.text("user", settings.user, "Whom this program is to the gateway, with `sms.secret_file` as the password.");
  section.secret_file(
      "secret_file", settings.secret,
      "The file with the password of `sms.user`, or what {secret} stands for in headers, body and URL.");
  section.texts("headers", settings.headers, "Further headers: \"Authorization: Bearer {secret}\".");
  section.text(
      "body", settings.body,
      "What is sent, with {number}, {digits} (the number without its plus), {text}, {sender}, {secret} and {id} "
      "(the same for each attempt at one message). Empty: to, from and text, as the preset writes them.");
  section.texts("success", settings.success, "Statuses that mean that the message was taken: \"202\", \"2xx\".");
  section.text("success_field", settings.success_field,
               "A place in a JSON answer that must hold `sms.success_value` as well: \"messages.0.status\".");
  section.text("success_value", settings.success_value, "What it must hold.");
  section.text("success_text", settings.success_text, "Text that must be in the answer as well.");
  section.text("ca_file", settings.ca_file, "A file with certificates (PEM) to trust instead of the machine's own.");
  section.flag("allow_private", settings.allow_private,
               "The gateway is on this machine or in a private network, and may be asked by plain http.");
  section.span("timeout", settings.timeout, "How long one request may take.",
               {.min = std::chrono::seconds{1}, .max = std::chrono::minutes{2}});
  section.check([&settings] { return problem_with(settings); });
}

outbound::HttpRequest request_for(const GatewaySettings& settings, const Text& message) {
  const Values values{.number = message.to.text(),
                      .digits = message.to.digits(),
                      .text = message.text,
                      .sender = settings.sender,
                      .secret = settings.secret.reveal(),
                      .id = message.id};
  outbound::HttpRequest request{.method = std::string{enum_text(settings.method)},
                                .url = fill(settings.url, values, Escape::url)};
  if (settings.method != Method::get) {
    request.body = fill(body_of(settings), values, escape_of(settings.preset));
    request.headers.emplace_back("Content-Type: " + std::string{content_type(settings.preset)});
  }
  for (const auto& line : settings.headers) request.headers.push_back(fill(line, values, Escape::header));
  if (!settings.user.empty()) {
    auto pair = settings.user + ":" + std::string{settings.secret.reveal()};
    request.headers.emplace_back("Authorization: Basic " + encoding::base64(as_bytes(pair)));
    wipe(pair);
  }
  return request;
}

Verdict judge(const GatewaySettings& settings, const outbound::HttpOutcome& outcome) {
  if (outcome.kind != outbound::HttpOutcome::Kind::answered) return Verdict::failed;
  if (is_success(settings, outcome)) return Verdict::taken;
  // Of a message that cannot be read or sent as it is. What concerns the account, the rate or the address of the
  // gateway is for the operator to mend, and the message waits.
  return outcome.status == 400 || outcome.status == 422 ? Verdict::refused : Verdict::failed;
}

Delivery deliver(const GatewaySettings& settings, const Text& message, const std::stop_token& stop) {
  const outbound::HttpSettings http{
      .reach = settings.allow_private ? outbound::Reach::anywhere : outbound::Reach::public_only,
      .ca_file = settings.ca_file,
      .timeout = std::chrono::duration_cast<std::chrono::milliseconds>(settings.timeout),
      .max_answer = most_answer};
  const auto outcome = outbound::send(http, request_for(settings, message), stop);
  Delivery delivery{.verdict = judge(settings, outcome)};
  if (delivery.verdict != Verdict::taken) {
    delivery.reason =
        outcome.reason.empty() ? "the gateway answered " + std::to_string(outcome.status) : outcome.reason;
  }
  return delivery;
}

}  // namespace cardea::sms
