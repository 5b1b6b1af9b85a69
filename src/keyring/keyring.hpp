#pragma once
// keyring: the signing keys of tokens, and their life.
//
// Owns: signing_key. Never: hands out a private key; signs for whoever holds a reference.
// Routes: GET /.well-known/jwks.json (instant lane, from memory).
// A key is published before it signs and stays published until the last token it signed has expired.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "crypto/sign.hpp"
#include "db/database.hpp"
#include "http/route.hpp"
#include "jobs/periodic.hpp"

namespace cardea::keyring {

struct Settings {
  crypto::Algorithm algorithm = crypto::Algorithm::es256;
  Duration rotate_every = std::chrono::hours{24 * 90};    // a new signing key this often
  Duration overlap = std::chrono::hours{24};              // published this long before it signs and after it stopped
};
void describe(config::Section& section, Settings& settings);

class Keyring {
 public:
  /// `sealing_key`: 32 bytes derived from the server's secret for this purpose.
  Keyring(db::Database& database, Secret sealing_key, Settings settings, Random& random);
  ~Keyring();

  /// Loads the keys, and makes the first one in an empty database. Throws when a stored key does not open, which
  /// means that the server's secret is not the one the database was made with.
  void start(Time now);
  /// Adds, activates and retires keys as their times come, and reloads what other processes did.
  Result<Done> rotate(Time now);
  /// Runs `rotate` every minute in this process. A lease lets one process run, but each must reload, so the job's name
  /// is this process's own.
  [[nodiscard]] jobs::Periodic rotate_job();

  /// The id and algorithm that the next signature will carry, for the header that is signed.
  struct Signer {
    std::string kid;
    std::shared_ptr<const crypto::SigningKey> key;
  };
  [[nodiscard]] Signer signer() const;
  /// The key of that id, if it is still published; its algorithm is the only one it verifies.
  [[nodiscard]] std::shared_ptr<const crypto::SigningKey> find(std::string_view kid) const;
  /// The JWK Set (RFC 7517 §5).
  [[nodiscard]] std::string jwks() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How many keys the database holds, each of which opens with `sealing_key`. Throws as `Keyring::start` does.
[[nodiscard]] std::size_t count_keys(db::Database& database, const Secret& sealing_key);

/// GET /.well-known/jwks.json.
[[nodiscard]] std::vector<http::Route> routes(const Keyring& keyring);

}  // namespace cardea::keyring
