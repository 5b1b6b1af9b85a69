#include "keyring/keyring.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "crypto/seal.hpp"
#include "encoding/base64.hpp"
#include "keyring/key_set.hpp"
#include "keyring/keyring_store.hpp"
#include "keyring/schedule.hpp"

namespace cardea::keyring {
namespace {

constexpr std::size_t process_name_size = 8;  // bytes; enough that no two processes share a lease

using Key = std::shared_ptr<const crypto::SigningKey>;  // outlives its retirement while a request still verifies

/// What verifiers and signers see; replaced whole, never changed.
struct Snapshot {
  struct Published {
    std::string kid;
    Key key;
  };
  std::vector<Published> keys;
  std::size_t signer = 0;
  std::string jwks;
};

std::string where(std::string_view kid) { return "signing_key.private_sealed:" + std::string{kid}; }

Jwk published_jwk(const crypto::SigningKey& key, std::string_view kid) {
  wire::Object jwk = key.public_jwk();
  jwk.push_back({"kid", kid});
  return wire::from_value<Jwk>(std::move(jwk)).value();
}

StoredKey make_key(crypto::Algorithm algorithm, const Secret& sealing_key, Time now, Random& random) {
  const auto key = crypto::SigningKey::generate(algorithm);
  const std::string kid = crypto::jwk_thumbprint(key.public_jwk());
  return {.kid = kid,
          .algorithm = std::string{to_text(algorithm)},
          .public_jwk = wire::write(published_jwk(key, kid)),
          .private_sealed = crypto::seal(sealing_key, key.private_der().reveal_bytes(), where(kid), random),
          .created_at = now,
          .signs_from = now};
}

/// Opens a stored key. Whoever can write the table but lacks the secret must not get a key of theirs published, so
/// nothing but the sealed column is believed: the thumbprint of what it holds must be the kid.
Key open_key(const StoredKey& stored, const Secret& sealing_key) {
  const auto algorithm = crypto::parse_algorithm(stored.algorithm);
  const auto der = crypto::open(sealing_key, stored.private_sealed, where(stored.kid));
  auto key = algorithm && der ? crypto::SigningKey::from_der(*algorithm, *der) : std::nullopt;
  if (!key || crypto::jwk_thumbprint(key->public_jwk()) != stored.kid) {
    throw std::runtime_error{"signing key " + stored.kid +
                             " does not open: the server's secret is not the one this database was made with, "
                             "or the row was changed"};
  }
  return std::make_shared<const crypto::SigningKey>(std::move(*key));
}

std::string key_set(const std::vector<Snapshot::Published>& keys) {
  KeySet set;
  for (const auto& [kid, key] : keys) set.keys.push_back(published_jwk(*key, kid));
  return wire::write(set);
}

}  // namespace

struct Keyring::State {
  db::Database& database;
  Secret sealing_key;
  Settings settings;
  Random& random;

  mutable std::mutex mutex;  // guards the pointer alone
  std::shared_ptr<const Snapshot> snapshot = std::make_shared<const Snapshot>();

  [[nodiscard]] std::shared_ptr<const Snapshot> current() const {
    const std::lock_guard lock{mutex};
    return snapshot;
  }

  /// The stored keys in order, after making and deleting what `now` asks for.
  std::vector<StoredKey> bring_up_to_date(Time now) {
    const auto in_order = [](db::Tx& tx) {
      auto keys = load(tx);
      sort_by_turn(keys);
      return keys;
    };
    auto keys = database.read(in_order);
    const bool needs_key = next_key_signs_from(keys, settings, now).has_value();
    const bool is_ahead = has_turn_ahead(keys, settings, now);
    if (!needs_key && !is_ahead && !has_retired(keys, now)) return keys;
    // Made before the transaction: an RSA key takes long enough to hold up every writer.
    const auto fresh = needs_key ? std::optional{make_key(settings.algorithm, sealing_key, now, random)} : std::nullopt;
    return database.write([&](db::Tx& tx) {
      if (is_ahead) bound_turns(tx, now + settings.overlap, settings.overlap);
      // Asked again: another process may have made the key meanwhile, and both must end with the same one.
      const auto signs_from = fresh ? next_key_signs_from(in_order(tx), settings, now) : std::nullopt;
      if (signs_from) {
        StoredKey key = *fresh;
        key.signs_from = *signs_from;
        append(tx, key, *signs_from + settings.overlap);
      }
      remove_retired(tx, now);
      return in_order(tx);
    });
  }

  void install(std::vector<StoredKey> stored, Time now) {
    std::erase_if(stored, [&](const StoredKey& key) { return key.published_until && *key.published_until <= now; });
    const auto before = current();
    auto next = std::make_shared<Snapshot>();
    for (const auto& key : stored) {
      const auto known = std::find_if(before->keys.begin(), before->keys.end(),
                                      [&](const auto& published) { return published.kid == key.kid; });
      next->keys.push_back({key.kid, known != before->keys.end() ? known->key : open_key(key, sealing_key)});
    }
    next->signer = signer_index(stored, now);
    next->jwks = key_set(next->keys);
    const std::lock_guard lock{mutex};
    snapshot = std::move(next);
  }
};

void describe(config::Section& section, Settings& settings) {
  using std::chrono::hours;
  section.choice("algorithm", settings.algorithm, "Signature algorithm of new keys.");
  section.span("rotate_every", settings.rotate_every, "A new key signs after this long.",
               {.min = hours{24}, .max = hours{24 * 3650}});
  section.span("overlap", settings.overlap,
               "A key is published this long before it signs and after it stopped; no token may live longer.",
               {.min = hours{2}, .max = hours{24 * 90}});
  section.check([&settings]() -> std::string {
    if (settings.rotate_every >= 2 * settings.overlap) return {};
    return "rotate_every must be at least twice overlap";
  });
}

std::size_t count_keys(db::Database& database, const Secret& sealing_key) {
  const auto stored = database.read([](db::Tx& tx) { return load(tx); });
  for (const auto& key : stored) static_cast<void>(open_key(key, sealing_key));
  return stored.size();
}

Keyring::Keyring(db::Database& database, Secret sealing_key, Settings settings, Random& random)
    : state_(new State{database, std::move(sealing_key), settings, random, {}}) {}
Keyring::~Keyring() = default;

void Keyring::start(Time now) { state_->install(state_->bring_up_to_date(now), now); }

Result<Done> Keyring::rotate(Time now) {
  start(now);
  return done;
}

jobs::Periodic Keyring::rotate_job() {
  return {.name = "keyring.rotate:" + encoding::hex(state_->random.bytes<process_name_size>()),
          .every = std::chrono::minutes{1},
          .work = [this](Time now) { return rotate(now); }};
}

Keyring::Signer Keyring::signer() const {
  const auto snapshot = state_->current();
  const auto& [kid, key] = snapshot->keys.at(snapshot->signer);
  return {kid, key};
}

Key Keyring::find(std::string_view kid) const {
  const auto snapshot = state_->current();
  for (const auto& published : snapshot->keys) {
    if (published.kid == kid) return published.key;
  }
  return nullptr;
}

std::string Keyring::jwks() const { return state_->current()->jwks; }

}  // namespace cardea::keyring
