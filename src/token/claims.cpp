#include "token/claims.hpp"

#include <algorithm>

#include <utility>

#include "encoding/base64.hpp"
#include "encoding/value.hpp"

namespace cardea::token {
namespace {

constexpr auto skew = std::chrono::seconds{60};          // of `iat` only: another node's clock may run ahead
constexpr std::int64_t latest_second = 253'402'300'799;  // 9999-12-31: microseconds of it cannot overflow
constexpr std::size_t jti_size = 16;                     // bytes

/// Reads the members of one object and counts them, so that one nobody asked for shows.
class Members {
 public:
  explicit Members(const wire::Value& value) : value_(&value) {}

  const std::string* text(std::string_view name) { return find<std::string>(name); }
  std::optional<Time> seconds(std::string_view name) {
    const auto* whole = find<std::int64_t>(name);
    if (whole == nullptr || *whole < 0 || *whole > latest_second) return std::nullopt;
    return Time{std::chrono::seconds{*whole}};
  }
  /// A list of texts, not empty.
  [[nodiscard]] bool has_texts(std::string_view name) {
    const auto* list = find<wire::Array>(name);
    return list != nullptr && !list->empty() &&
           std::all_of(list->begin(), list->end(), [](const auto& item) { return item.template is<std::string>(); });
  }
  [[nodiscard]] bool has_others() const { return value_->get<wire::Object>()->size() != found_; }

 private:
  template <class T>
  const T* find(std::string_view name) {
    const auto* value = value_->find(name);
    const auto* typed = value != nullptr ? value->get<T>() : nullptr;
    if (typed != nullptr) ++found_;
    return typed;
  }

  const wire::Value* value_;
  std::size_t found_ = 0;
};

template <class IdType>
std::optional<IdType> parse_id(const std::string* text) {
  return text != nullptr ? IdType::parse(*text) : std::nullopt;
}

Result<Done> check_assurance(Members& members, Time issued_at) {
  if (!members.has_texts("amr")) return Error{invalid_token, "amr"};
  const auto* acr = members.text("acr");
  if (acr == nullptr || (*acr != enum_text(Level::aal1) && *acr != enum_text(Level::aal2))) {
    return Error{invalid_token, "acr"};
  }
  const auto shown_at = members.seconds("auth_time");
  if (!shown_at || *shown_at > issued_at) return Error{invalid_token, "auth_time"};
  return done;
}

}  // namespace

std::string audience_of(const TokenType& type, std::string_view issuer) {
  return std::string{issuer}.append(type.audience_path);
}

std::string payload(const TokenType& type, std::string_view issuer, const Claims& claims, Random& random) {
  wire::Object members;
  members.push_back({"iss", issuer});
  members.push_back({"aud", claims.audience.empty() ? audience_of(type, issuer) : claims.audience});
  members.push_back({"sub", claims.subject.text()});
  members.push_back({"sid", claims.session.text()});
  members.push_back({"iat", to_seconds(claims.issued_at)});
  members.push_back({"exp", to_seconds(claims.expires_at)});
  members.push_back({"jti", encoding::base64url(random.bytes<jti_size>())});
  if (!type.name_claim.empty()) members.push_back({std::string{type.name_claim}, claims.name});
  if (type.tells_assurance) {
    wire::Array amr;
    for (const auto reference : claims.assurance.amr()) amr.emplace_back(reference);
    members.push_back({"amr", std::move(amr)});
    members.push_back({"acr", enum_text(claims.assurance.level())});
    members.push_back({"auth_time", to_seconds(claims.assurance.shown_at(Level::aal1).value_or(claims.issued_at))});
  }
  members.insert(members.end(), claims.profile.begin(), claims.profile.end());
  return wire::to_json(std::move(members));
}

Result<Claims> parse_payload(const TokenType& type, std::string_view issuer, std::string_view json, Time now) {
  const auto parsed = wire::parse(json, {.depth = 2, .members = 32});
  if (!parsed || !parsed->is<wire::Object>()) return Error{invalid_token, "payload"};
  Members members{*parsed};
  const auto* iss = members.text("iss");
  if (iss == nullptr || *iss != issuer) return Error{invalid_token, "iss"};
  const auto* aud = members.text("aud");  // a list is refused: we never issue one
  if (aud == nullptr || *aud != audience_of(type, issuer)) return Error{invalid_token, "aud"};
  const auto subject = parse_id<AccountId>(members.text("sub"));
  if (!subject) return Error{invalid_token, "sub"};
  const auto session = parse_id<SessionId>(members.text("sid"));
  if (!session) return Error{invalid_token, "sid"};
  const auto issued_at = members.seconds("iat");
  if (!issued_at || *issued_at > now + skew) return Error{invalid_token, "iat"};
  const auto expires_at = members.seconds("exp");
  if (!expires_at || *expires_at <= *issued_at || *expires_at <= now) return Error{invalid_token, "exp"};
  const auto* jti = members.text("jti");
  if (jti == nullptr || jti->empty()) return Error{invalid_token, "jti"};
  const auto* name = type.name_claim.empty() ? nullptr : members.text(type.name_claim);
  if (!type.name_claim.empty() && name == nullptr) return Error{invalid_token, std::string{type.name_claim}};
  if (type.tells_assurance) TRY(check_assurance(members, *issued_at));
  if (members.has_others()) return Error{invalid_token, "unknown claim"};
  return Claims{.subject = *subject,
                .session = *session,
                .issued_at = *issued_at,
                .expires_at = *expires_at,
                .name = name != nullptr ? *name : std::string{}};
}

}  // namespace cardea::token
