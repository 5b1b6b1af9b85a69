#pragma once
// A device with a key, and its browser's part of Device Bound Session Credentials, in software: makes proofs, honest
// ones and, by `sign`, any other. Header only, as authenticator.hpp.
//
//   SoftDevice device;
//   browser.header("Secure-Session-Response", device.proof(challenge, SoftDevice::Shows::key));

#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "crypto/sign.hpp"
#include "encoding/base64.hpp"
#include "encoding/value.hpp"

namespace cardea::testing_support {

class SoftDevice {
 public:
  explicit SoftDevice(crypto::Algorithm algorithm = crypto::Algorithm::es256)
      : key_(crypto::SigningKey::generate(algorithm)) {}

  /// The public key as browsers show it.
  [[nodiscard]] wire::Object jwk() const {
    wire::Object jwk;
    for (auto& member : key_.public_jwk()) {
      if (member.name != "alg" && member.name != "use") jwk.push_back(member);
    }
    return jwk;
  }

  enum class Shows { nothing, key };
  /// What a browser sends: a registration shows the key, and a refresh does not.
  [[nodiscard]] std::string proof(std::string_view challenge, Shows shows = Shows::nothing) const {
    wire::Object header{{"alg", to_text(key_.algorithm())}, {"typ", "dbsc+jwt"}};
    if (shows == Shows::key) header.push_back({"jwk", jwk()});
    return sign(std::move(header), {{"jti", challenge}});
  }

  [[nodiscard]] std::string sign(wire::Object header, wire::Object claims) const {
    const auto part = [](wire::Object object) {
      return encoding::base64url(as_bytes(wire::to_json(wire::Value{std::move(object)})));
    };
    const std::string text = part(std::move(header)) + "." + part(std::move(claims));
    return text + "." + encoding::base64url(key_.sign(as_bytes(text)));
  }

 private:
  crypto::SigningKey key_;
};

}  // namespace cardea::testing_support
