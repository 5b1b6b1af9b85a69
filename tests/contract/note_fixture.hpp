#pragma once
// What the two contracts of notes start from: two accounts, an instant and a picture.

#include "note/note.hpp"
#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"
#include "throttle/throttle.hpp"

namespace cardea::note {

class NoteFixture : public testing_support::OnEngine {
 protected:
  static constexpr Time noon{std::chrono::microseconds{1'800'000'000'000'000}};
  /// The least lossless WebP.
  inline static const std::string picture{"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2F\0\0\0\0\0", 26};

  Writer writer(const AccountId& owner, Time now = noon) const {
    return {.owner = owner, .network = ClientNetwork{address}, .now = now, .free_bytes = free_bytes};
  }

  std::string address = "192.0.2.1";
  std::optional<std::int64_t> free_bytes;
  testing_support::SeededRandom random{11};
  Settings settings;
  AccountId ann = testing_support::add_account(database(), noon, random);
  AccountId bob = testing_support::add_account(database(), noon, random);
};

}  // namespace cardea::note
