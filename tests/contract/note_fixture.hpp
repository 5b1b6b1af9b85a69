#pragma once
// What the two contracts of notes start from: two accounts, an instant and a picture.

#include "note/note.hpp"
#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::note {

class NoteFixture : public testing_support::OnEngine {
 protected:
  static constexpr Time noon{std::chrono::microseconds{1'800'000'000'000'000}};
  /// The least lossless WebP.
  inline static const std::string picture{"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2F\0\0\0\0\0", 26};

  testing_support::SeededRandom random{11};
  Settings settings;
  AccountId ann = testing_support::add_account(database(), noon, random);
  AccountId bob = testing_support::add_account(database(), noon, random);
};

}  // namespace cardea::note
