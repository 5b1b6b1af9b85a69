#include "note/note.hpp"

#include <atomic>

#include "tests/contract/note_fixture.hpp"

namespace cardea::note {
namespace {

using namespace std::chrono_literals;

class NoteContract : public NoteFixture {
 protected:
  NoteContract() {
    settings.max_text = 100;
    settings.max_per_account = 5;
  }

  Result<Note> add(const AccountId& owner, const Draft& draft, Time now = noon) {
    return database().write([&](db::Tx& tx) { return create(tx, writer(owner, now), draft, settings, random); });
  }
  Result<Note> read(const AccountId& owner, const NoteId& id) {
    return database().read([&](db::Tx& tx) { return find(tx, owner, id); });
  }
  Result<Image> read_image(const AccountId& owner, const NoteId& id) {
    return database().read([&](db::Tx& tx) { return image(tx, owner, id); });
  }
  Result<Note> change(const AccountId& owner, const NoteId& id, const Draft& draft, Time now = noon) {
    return database().write([&](db::Tx& tx) { return update(tx, writer(owner, now), id, draft, settings); });
  }
  Result<Done> drop(const AccountId& owner, const NoteId& id) {
    return database().write([&](db::Tx& tx) { return remove(tx, owner, id); });
  }
  static Image webp() { return {.type = "image/webp", .bytes = picture}; }
};
INSTANTIATE_TEST_SUITE_P(engines, NoteContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(NoteContract, created_note_is_found_as_written) {
  const auto made = add(ann, {.text = "Grüße\n\t<b>", .image = webp()}).value();
  const auto found = read(ann, made.id).value();
  EXPECT_EQ(found.text, "Grüße\n\t<b>");
  EXPECT_EQ(found.owner, ann);
  EXPECT_TRUE(found.has_image);
  EXPECT_EQ(found.created_at, noon);
  EXPECT_EQ(found.updated_at, noon);
  EXPECT_EQ(read_image(ann, made.id)->bytes, picture);
  EXPECT_EQ(read_image(ann, made.id)->type, "image/webp");
}

TEST_P(NoteContract, line_ends_are_stored_as_line_feeds) {
  EXPECT_EQ(read(ann, add(ann, {.text = "a\r\nb\nc\r\n"})->id)->text, "a\nb\nc\n");
}

TEST_P(NoteContract, bad_text_is_not_stored) {
  EXPECT_TRUE(add(ann, {.text = ""}).error().is(validation_failed));
  const auto made = add(ann, {.text = "good"}).value();
  EXPECT_TRUE(change(ann, made.id, {.text = std::string(101, 'a')}).error().is(validation_failed));
  EXPECT_EQ(read(ann, made.id)->text, "good");
}

TEST_P(NoteContract, notes_of_others_do_not_exist) {
  const auto made = add(ann, {.text = "mine", .image = webp()}).value();
  EXPECT_TRUE(read(bob, made.id).error().is(not_found));
  EXPECT_TRUE(read_image(bob, made.id).error().is(not_found));
  EXPECT_TRUE(change(bob, made.id, {.text = "yours", .remove_image = true}).error().is(not_found));
  EXPECT_TRUE(drop(bob, made.id).error().is(not_found));
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return list(tx, bob, std::nullopt, 10); }).empty());
  EXPECT_EQ(read(ann, made.id)->text, "mine");
  EXPECT_TRUE(read_image(ann, made.id).ok());
}

TEST_P(NoteContract, export_gives_every_note_of_its_owner_with_its_image) {
  settings.max_per_account = 200;
  for (int i = 0; i < 120; ++i) ASSERT_TRUE(add(ann, {.text = "note " + std::to_string(i)}, noon + 1s * i).ok());
  ASSERT_TRUE(add(ann, {.text = "picture", .image = Image{.type = "image/png", .bytes = "image"}}, noon + 1h).ok());
  ASSERT_TRUE(add(bob, {.text = "of somebody else"}).ok());
  std::vector<std::string> given;
  int pieces = 0;
  std::string after;
  do {
    after = database().read([&](db::Tx& tx) {
      return export_notes(tx, ann, after, [&](std::string_view kind, std::string_view json) {
        EXPECT_EQ(kind, "note");
        given.emplace_back(json);
      });
    });
    ++pieces;
  } while (!after.empty() && pieces < 200);
  EXPECT_GT(pieces, 1);
  ASSERT_EQ(given.size(), 121U);
  EXPECT_NE(given[0].find(R"("note":"picture","image_type":"image/png","image":"aW1hZ2U=")"), std::string::npos)
      << given[0];
  for (int i = 0; i < 120; ++i) {
    const auto& note = given[static_cast<std::size_t>(120 - i)];
    EXPECT_NE(note.find("\"note\":\"note " + std::to_string(i) + "\",\"image_type\":null"), std::string::npos) << note;
  }
}

TEST_P(NoteContract, update_leaves_replaces_or_removes_the_image) {
  const auto id = add(ann, {.text = "a", .image = webp()})->id;
  const auto later = noon + std::chrono::seconds{5};
  const auto left = change(ann, id, {.text = "b"}, later).value();
  EXPECT_TRUE(left.has_image);
  EXPECT_EQ(left.updated_at, later);
  EXPECT_EQ(left.created_at, noon);
  EXPECT_TRUE(change(ann, id, {.text = "b", .image = Image{.type = "image/png", .bytes = "other"}}).ok());
  EXPECT_EQ(read_image(ann, id)->bytes, "other");
  EXPECT_FALSE(change(ann, id, {.text = "b", .remove_image = true})->has_image);
  EXPECT_TRUE(read_image(ann, id).error().is(not_found));
  EXPECT_EQ(read(ann, id)->text, "b");
}

TEST_P(NoteContract, removed_note_is_gone) {
  const auto id = add(ann, {.text = "a"})->id;
  EXPECT_TRUE(drop(ann, id).ok());
  EXPECT_TRUE(read(ann, id).error().is(not_found));
  EXPECT_TRUE(drop(ann, id).error().is(not_found));
}

TEST_P(NoteContract, notes_go_with_their_account) {
  add(ann, {.text = "a"}).value();
  database().write([&](db::Tx& tx) { tx.run("DELETE FROM account WHERE id = $1", ann); });
  const auto left = database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM note"); });
  EXPECT_EQ(left->integer(0), 0);
}

TEST_P(NoteContract, list_pages_newest_first_without_gaps_or_repeats) {
  for (int i = 0; i < 5; ++i) add(ann, {.text = std::to_string(i)}, noon + std::chrono::seconds{i}).value();
  add(bob, {.text = "bob's"}).value();
  std::string seen;
  std::optional<NoteId> before;
  for (;;) {
    const auto page = database().read([&](db::Tx& tx) { return list(tx, ann, before, 2); });
    if (page.empty()) break;
    for (const auto& note : page) seen += note.text;
    before = page.back().id;
  }
  EXPECT_EQ(seen, "43210");
}

TEST_P(NoteContract, limit_is_exact_and_counts_only_the_owners) {
  for (int i = 0; i < 5; ++i) add(ann, {.text = "a"}).value();
  EXPECT_TRUE(add(ann, {.text = "a"}).error().is(too_many));
  EXPECT_TRUE(add(bob, {.text = "a"}).ok());
}

TEST_P(NoteContract, parallel_creation_at_the_limit_makes_exactly_the_limit) {
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  testing_support::race(12, [&](int) {
    const auto note = add(ann, {.text = "a"});
    if (note.ok())
      ++made;
    else if (note.error().is(too_many))
      ++refused;
  });
  EXPECT_EQ(made, 5);
  EXPECT_EQ(refused, 7);
  EXPECT_EQ(database().read([&](db::Tx& tx) { return list(tx, ann, std::nullopt, 100); }).size(), 5U);
}

TEST_P(NoteContract, text_of_all_notes_has_a_limit_in_bytes) {
  settings.max_text_per_account = 10;
  const auto id = add(ann, {.text = "üüü"})->id;  // 6 bytes
  EXPECT_TRUE(add(ann, {.text = "12345"}).error().is(full));
  EXPECT_TRUE(add(ann, {.text = "1234"}).ok());
  EXPECT_TRUE(add(bob, {.text = "12345"}).ok());
  EXPECT_TRUE(change(ann, id, {.text = "1234567"}).error().is(full));
  EXPECT_EQ(read(ann, id)->text, "üüü");
  EXPECT_TRUE(change(ann, id, {.text = "123456"}).ok());
  EXPECT_TRUE(change(ann, id, {.text = "1"}).ok());
  EXPECT_TRUE(add(ann, {.text = "12345"}).ok()) << "what an update freed is free";
}

TEST_P(NoteContract, images_and_text_have_a_limit_together) {
  const auto size = static_cast<std::int64_t>(picture.size());
  settings.max_bytes_per_account = 2 * size + 2;
  const auto first = add(ann, {.text = "a", .image = webp()})->id;
  const auto second = add(ann, {.text = "a"})->id;
  EXPECT_TRUE(add(ann, {.text = "aa", .image = webp()}).error().is(full));
  EXPECT_TRUE(change(ann, second, {.text = "aa", .image = webp()}).error().is(full));
  EXPECT_FALSE(read(ann, second)->has_image);
  EXPECT_TRUE(change(ann, second, {.text = "a", .image = webp()}).ok());
  EXPECT_TRUE(change(ann, second, {.text = "a", .image = webp()}).ok()) << "an image replaces, it does not add";
  EXPECT_TRUE(add(ann, {.text = "a"}).error().is(full));
  EXPECT_TRUE(change(ann, first, {.text = "a", .remove_image = true}).ok());
  EXPECT_TRUE(add(ann, {.text = "a"}).ok());
}

TEST_P(NoteContract, note_may_shrink_under_limits_that_were_lowered) {
  const auto id = add(ann, {.text = "aaaa", .image = webp()})->id;
  settings.max_text_per_account = 2;
  settings.max_bytes_per_account = 2;
  EXPECT_TRUE(change(ann, id, {.text = "aaaaa"}).error().is(full));
  EXPECT_TRUE(change(ann, id, {.text = "aaa"}).ok());
  EXPECT_TRUE(change(ann, id, {.text = "aaa", .remove_image = true}).ok());
}

TEST_P(NoteContract, parallel_growth_at_the_limit_takes_no_more_than_the_limit) {
  settings.max_text_per_account = 50;
  std::vector<NoteId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(add(ann, {.text = "a"})->id);
  std::atomic<int> grown = 0;
  testing_support::race(4, [&](int i) {
    if (change(ann, ids.at(static_cast<std::size_t>(i)), {.text = std::string(20, 'a')}).ok()) ++grown;
  });
  EXPECT_EQ(grown, 2);  // 2 of 20 bytes and 2 of 1; a third would make 61
}

}  // namespace
}  // namespace cardea::note
