#include "webauthn/client_data.hpp"

#include <algorithm>

#include "encoding/value.hpp"
#include "webauthn/webauthn.hpp"

namespace cardea::webauthn {
namespace {

constexpr std::size_t longest = 8'192;

std::optional<wire::Value> parse(BytesView client_data) {
  if (client_data.size() > longest) return std::nullopt;
  auto value = wire::parse(as_text(client_data));
  if (!value || !value->is<wire::Object>()) return std::nullopt;
  return *std::move(value);
}

const std::string* text_of(const wire::Value& data, std::string_view name) {
  const auto* member = data.find(name);
  return member == nullptr ? nullptr : member->get<std::string>();
}

bool is(const std::string* text, std::string_view expected) { return text != nullptr && *text == expected; }

// Absent is the same: clients of Level 2 left it out.
bool is_same_origin(const wire::Value& data) {
  const auto* cross = data.find("crossOrigin");
  if (data.find("topOrigin") != nullptr) return false;
  return cross == nullptr || (cross->is<bool>() && !*cross->get<bool>());
}

}  // namespace

std::optional<std::string> challenge_of(BytesView client_data) {
  const auto data = parse(client_data);
  const auto* challenge = data ? text_of(*data, "challenge") : nullptr;
  return challenge == nullptr ? std::nullopt : std::optional{*challenge};
}

Result<Done> check_client_data(BytesView client_data, std::string_view type, std::string_view challenge,
                               const RelyingParty& party) {
  const auto data = parse(client_data);
  if (!data) return refused("client_data");
  if (!is(text_of(*data, "type"), type)) return refused("type");
  if (challenge.empty() || !is(text_of(*data, "challenge"), challenge)) return refused("challenge");
  const auto* origin = text_of(*data, "origin");
  if (origin == nullptr || std::find(party.origins.begin(), party.origins.end(), *origin) == party.origins.end()) {
    return refused("origin");
  }
  if (!is_same_origin(*data)) return refused("cross_origin");
  return done;
}

}  // namespace cardea::webauthn
