#include "token/claims.hpp"

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

}  // namespace

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::access: return "at+jwt";
    case Kind::classic: return "JWT";
  }
  return {};
}

std::string audience_of(Kind kind, std::string_view issuer) {
  switch (kind) {
    case Kind::access: return std::string{issuer};
    case Kind::classic: return std::string{issuer} + "/api";
  }
  return {};
}

std::string payload(Kind kind, std::string_view issuer, const Claims& claims, Random& random) {
  wire::Object members;
  members.push_back({"iss", issuer});
  members.push_back({"aud", audience_of(kind, issuer)});
  members.push_back({"sub", claims.subject.text()});
  members.push_back({"sid", claims.session.text()});
  members.push_back({"iat", to_seconds(claims.issued_at)});
  members.push_back({"exp", to_seconds(claims.expires_at)});
  members.push_back({"jti", encoding::base64url(random.bytes<jti_size>())});
  if (kind == Kind::classic) members.push_back({"_uid", claims.uid});
  return wire::to_json(std::move(members));
}

Result<Claims> parse_payload(Kind kind, std::string_view issuer, std::string_view json, Time now) {
  const auto parsed = wire::parse(json, {.depth = 1, .members = 16});
  if (!parsed || !parsed->is<wire::Object>()) return Error{invalid_token, "payload"};
  Members members{*parsed};
  const auto* iss = members.text("iss");
  if (iss == nullptr || *iss != issuer) return Error{invalid_token, "iss"};
  const auto* aud = members.text("aud");  // a list is refused: we never issue one
  if (aud == nullptr || *aud != audience_of(kind, issuer)) return Error{invalid_token, "aud"};
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
  const auto* uid = kind == Kind::classic ? members.text("_uid") : nullptr;
  if (kind == Kind::classic && uid == nullptr) return Error{invalid_token, "_uid"};
  if (members.has_others()) return Error{invalid_token, "unknown claim"};
  return Claims{.subject = *subject,
                .session = *session,
                .issued_at = *issued_at,
                .expires_at = *expires_at,
                .uid = uid != nullptr ? *uid : std::string{}};
}

}  // namespace cardea::token
