#include "device_session/proof.hpp"

#include "crypto/raw_signature.hpp"
#include "encoding/base64.hpp"

namespace cardea::device_session {
namespace {

constexpr std::size_t longest_challenge = 200;
constexpr wire::Limits limits{.depth = 4, .members = 32};

std::optional<wire::Value> object_in(std::string_view encoded) {
  const auto json = encoding::parse_base64url(encoded);
  if (!json) return std::nullopt;
  auto parsed = wire::parse(as_text(*json), limits);
  if (!parsed || !parsed->is<wire::Object>()) return std::nullopt;
  return *std::move(parsed);
}

std::string_view text_of(const wire::Value& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* text = member != nullptr ? member->get<std::string>() : nullptr;
  return text != nullptr ? std::string_view{*text} : std::string_view{};
}

/// What a device may sign with; EdDSA is none of them, and "none" and HS256 are no signatures.
std::optional<crypto::Algorithm> algorithm_of(std::string_view alg) {
  const auto algorithm = crypto::parse_algorithm(alg);
  const bool is_allowed = algorithm == crypto::Algorithm::es256 || algorithm == crypto::Algorithm::rs256;
  return is_allowed ? algorithm : std::nullopt;
}

bool has_only_known_members(const wire::Object& header) {
  for (const auto& member : header) {
    if (member.name != "alg" && member.name != "typ" && member.name != "jwk") return false;
  }
  return true;
}

}  // namespace

std::string_view string_item(std::string_view field) {
  if (!field.starts_with('"'))
    return field.find_first_of("\"\\; ,") == std::string_view::npos ? field : std::string_view{};
  const auto end = field.find('"', 1);
  if (end == std::string_view::npos) return {};
  const auto text = field.substr(1, end - 1);
  const auto rest = field.substr(end + 1);
  const bool is_item = rest.empty() || rest.starts_with(';');
  return is_item && text.find('\\') == std::string_view::npos ? text : std::string_view{};
}

std::optional<Proof> read_proof(std::string_view field) {
  if (field.size() > longest_proof) return std::nullopt;
  const auto jwt = string_item(field);
  const auto first = jwt.find('.');
  const auto second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
  if (second == std::string_view::npos || jwt.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  const auto header = object_in(jwt.substr(0, first));
  const auto payload = object_in(jwt.substr(first + 1, second - first - 1));
  auto signature = encoding::parse_base64url(jwt.substr(second + 1));
  if (!header || !payload || !signature || signature->empty()) return std::nullopt;
  const auto algorithm = algorithm_of(text_of(*header, "alg"));
  if (!algorithm || text_of(*header, "typ") != "dbsc+jwt") return std::nullopt;
  if (!has_only_known_members(*header->get<wire::Object>())) return std::nullopt;
  const auto challenge = text_of(*payload, "jti");
  if (challenge.empty() || challenge.size() > longest_challenge) return std::nullopt;
  const auto* jwk = header->find("jwk");
  return Proof{.algorithm = *algorithm,
               .jwk = jwk != nullptr ? std::optional{*jwk} : std::nullopt,
               .challenge = std::string{challenge},
               .signed_text = jwt.substr(0, second),
               .signature = *std::move(signature)};
}

bool is_by(const Proof& proof, const crypto::VerifyKey& key) {
  if (proof.algorithm != key.algorithm()) return false;
  const auto data = as_bytes(proof.signed_text);
  if (key.algorithm() != crypto::Algorithm::es256) return key.verify(data, proof.signature);
  const auto der = crypto::der_of_raw_signature(proof.signature);
  return !der.empty() && key.verify(data, der);
}

}  // namespace cardea::device_session
