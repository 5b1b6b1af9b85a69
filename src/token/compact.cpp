#include "token/compact.hpp"

#include "encoding/base64.hpp"
#include "encoding/value.hpp"

namespace cardea::token {
namespace {

constexpr std::size_t max_header = 512;  // encoded; ours have about 130

}  // namespace

std::optional<Parts> split(std::string_view jwt) {
  if (jwt.size() > max_token) return std::nullopt;
  const auto first = jwt.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = jwt.find('.', first + 1);
  if (second == std::string_view::npos || jwt.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  const Parts parts{.header = jwt.substr(0, first),
                    .payload = jwt.substr(first + 1, second - first - 1),
                    .signature = jwt.substr(second + 1),
                    .signed_text = jwt.substr(0, second)};
  if (parts.header.empty() || parts.payload.empty() || parts.signature.empty()) return std::nullopt;
  return parts;
}

std::string encode(const Header& header) {
  wire::Object members;
  members.push_back({"alg", header.alg});
  members.push_back({"kid", header.kid});
  members.push_back({"typ", header.typ});
  return encoding::base64url(as_bytes(wire::to_json(std::move(members))));
}

std::optional<Header> parse_header(std::string_view encoded) {
  if (encoded.size() > max_header) return std::nullopt;
  const auto json = encoding::parse_base64url(encoded);
  if (!json) return std::nullopt;
  const auto parsed = wire::parse(as_text(*json), {.depth = 1, .members = 3});
  if (!parsed) return std::nullopt;
  const auto* members = parsed->get<wire::Object>();
  if (members == nullptr || members->size() != 3) return std::nullopt;
  Header header;
  for (const auto& [name, target] : {std::pair{"alg", &header.alg}, {"kid", &header.kid}, {"typ", &header.typ}}) {
    const auto* value = parsed->find(name);
    const auto* text = value != nullptr ? value->get<std::string>() : nullptr;
    if (text == nullptr) return std::nullopt;
    *target = *text;
  }
  return header;
}

}  // namespace cardea::token
