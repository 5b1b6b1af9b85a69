// What notes may take of a disk that everybody shares: a budget by network, and a reserve.
#include <atomic>

#include "tests/contract/note_fixture.hpp"

namespace cardea::note {
namespace {

using namespace std::chrono_literals;

class NoteStorageContract : public NoteFixture {
 protected:
  NoteStorageContract() { settings.max_bytes_per_network = 64 * 1024; }

  static Image of_size(std::size_t bytes) { return {.type = "image/webp", .bytes = std::string(bytes, 'x')}; }
  Result<Note> add(const AccountId& owner, std::size_t image_bytes, Time now = noon) {
    const Draft draft{.text = "a", .image = of_size(image_bytes)};
    return database().write([&](db::Tx& tx) { return create(tx, writer(owner, now), draft, settings, random); });
  }
  Result<Note> add_text(const AccountId& owner, const std::string& text) {
    return database().write([&](db::Tx& tx) { return create(tx, writer(owner), {.text = text}, settings, random); });
  }
  Result<Note> change(const AccountId& owner, const NoteId& id, const Draft& draft) {
    return database().write([&](db::Tx& tx) { return update(tx, writer(owner), id, draft, settings); });
  }
  std::int64_t stored() {
    return database()
        .read_one("SELECT CAST(coalesce(sum(image_bytes + text_bytes), 0) AS BIGINT) FROM note")
        ->integer(0);
  }
  /// Writes pictures of 10 KiB until one is refused; how many there were.
  int fill(const AccountId& owner) {
    for (int count = 0;; ++count) {
      const auto made = add(owner, 10 * 1024 - 1);
      if (made.ok()) continue;
      EXPECT_TRUE(made.error().is(throttle::rate_limited));
      EXPECT_EQ(made.error().retry_after, std::optional<std::chrono::microseconds>{10min});
      return count;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(engines, NoteStorageContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(NoteStorageContract, accounts_of_one_address_share_what_it_may_store) {
  EXPECT_EQ(fill(ann), 7) << "the last begins within the budget";
  EXPECT_FALSE(add(bob, 10).ok()) << "another account of the same address";
  EXPECT_FALSE(add_text(bob, "a").ok()) << "and text takes room too";
  const auto before = stored();
  address = "192.0.2.2";
  EXPECT_TRUE(add(bob, 10).ok());
  EXPECT_EQ(stored(), before + 11) << "what was refused is not there";
}

TEST_P(NoteStorageContract, it_comes_back_in_a_day) {
  fill(ann);
  EXPECT_FALSE(add(ann, 10, noon + 9min).ok());
  EXPECT_TRUE(add(ann, 10, noon + 11min).ok()) << "one at a time";
  EXPECT_FALSE(add(ann, 10, noon + 12min).ok());
  Time next_day = noon + 26h;
  int count = 0;
  while (add(ann, 10 * 1024 - 1, next_day).ok()) ++count;
  EXPECT_GE(count, 6);
}

TEST_P(NoteStorageContract, an_ipv6_network_has_no_more_by_its_many_addresses) {
  int count = 0;
  for (int i = 0; i < 40; ++i) {
    address = "2001:db8:0:" + std::to_string(i) + "::1";
    count += add(i % 2 == 0 ? ann : bob, 30 * 1024 - 1).ok() ? 1 : 0;
  }
  EXPECT_EQ(count, 5) << "a /56 has twice as much as a /64";
}

TEST_P(NoteStorageContract, only_growth_counts) {
  const auto note = add(ann, 10 * 1024 - 1).value();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(change(ann, note.id, {.text = "b", .image = of_size(10 * 1024 - 1)}).ok()) << i;
  }
  EXPECT_EQ(fill(ann), 6);
  EXPECT_TRUE(change(ann, note.id, {.text = "c", .remove_image = true}).ok()) << "what shrinks always may";
  EXPECT_FALSE(change(ann, note.id, {.text = "c", .image = of_size(1024)}).ok());
}

TEST_P(NoteStorageContract, many_at_once_store_no_more) {
  std::atomic<int> made = 0;
  testing_support::race(4, [&](int thread) {
    testing_support::SeededRandom own{static_cast<unsigned>(100 + thread)};
    for (int i = 0; i < 4; ++i) {
      const Draft draft{.text = "a", .image = of_size(10 * 1024 - 1)};
      const auto note = database().write(
          [&](db::Tx& tx) { return create(tx, writer(thread % 2 == 0 ? ann : bob), draft, settings, own); });
      made += note.ok() ? 1 : 0;
    }
  });
  EXPECT_EQ(made, 7);
  EXPECT_EQ(stored(), 7 * 10 * 1024);
}

TEST_P(NoteStorageContract, no_limit_is_possible) {
  settings.max_bytes_per_network = 0;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(add(ann, 10 * 1024).ok());
}

TEST_P(NoteStorageContract, pictures_leave_a_reserve_of_the_disk) {
  settings.disk_reserve = 1024 * 1024;
  free_bytes = settings.disk_reserve + 10'000;
  const auto note = add(ann, 10'000).value();
  const auto refused = add(ann, 10'001);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind->code, "storage.full");
  const auto changed = change(ann, note.id, {.text = "b", .image = of_size(10'001)});
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().kind->code, "storage.full");
  EXPECT_TRUE(add_text(ann, "words are small").ok());
  EXPECT_TRUE(change(ann, note.id, {.text = "b", .remove_image = true}).ok());
  free_bytes.reset();
  EXPECT_TRUE(add(ann, 10'001).ok()) << "where it cannot be known";
}

TEST_P(NoteStorageContract, only_a_file_knows_how_much_is_free) {
  const auto free = database().free_bytes();
  ASSERT_EQ(free.has_value(), is_sqlite());
  if (free) EXPECT_GT(*free, 0);
}

}  // namespace
}  // namespace cardea::note
