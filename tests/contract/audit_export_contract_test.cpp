// The trail as a file: what is in it, and what shows when it was changed.
#include <sstream>

#include "audit/checkpoint.hpp"
#include "audit/export.hpp"
#include "audit/retention.hpp"
#include "tests/contract/audit_fixture.hpp"

namespace cardea::audit {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Time late = noon + hours{24 * 500};

Secret key_of(std::uint8_t fill) { return Secret{BytesView{Bytes(32, fill)}}; }
CheckpointKey public_key(std::uint8_t fill) { return crypto::ed25519_public_key(key_of(fill)); }

using Texts = std::vector<std::string>;

std::string joined(const Texts& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

ExportSurvey look(const std::string& text, const CheckpointKey& key = public_key(1)) {
  std::istringstream in{text};
  return survey_export(in, key);
}

class AuditExportContract : public OnTrail {
 protected:
  Texts exported(const Selection& selection = {}, bool is_signed = true) {
    Texts written;
    const auto key = key_of(1);
    const auto last = write_export(database(), selection, is_signed ? &key : nullptr, late, [&](std::string_view line) {
      written.emplace_back(line);
      return true;
    });
    EXPECT_TRUE(last.ok());
    return written;
  }
};
INSTANTIATE_TEST_SUITE_P(engines, AuditExportContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditExportContract, is_a_line_for_each_event_between_two_that_say_where_it_begins_and_ends) {
  record({.kind = Kind{"signin.failed", {}, Repeats::counted}, .account = ann, .reason = "wrong \"password\"\n"},
         {.address = "2001:db8::1"}, noon + Duration{1});
  record({.kind = Kind{"signin.failed", {}, Repeats::counted}, .account = ann, .reason = "wrong \"password\"\n"},
         {.address = "2001:db8::1"}, noon + Duration{2'000'003});
  record_chain(2, noon + seconds{9});
  record({.kind = Kind{"k", {}}});
  const auto lines = exported();
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_TRUE(lines[0].starts_with(R"({"chain":{"number":0,"hash":"0000)")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with(R"({"event":{"number":1,"hash":")")) << lines[1];
  EXPECT_NE(lines[1].find(R"("account_pseudonym":"psn_)"), std::string::npos) << lines[1];
  EXPECT_EQ(lines[1].find("usr_"), std::string::npos) << lines[1];
  EXPECT_EQ(lines[1].find("2001"), std::string::npos) << lines[1];
  EXPECT_NE(lines[1].find(R"("count":2,"last_at":"2027-01-15T08:00:02.000003Z")"), std::string::npos) << lines[1];
  EXPECT_TRUE(lines[4].starts_with(R"({"end":{"number":3,)")) << lines[4];
  const auto found = look(joined(lines));
  EXPECT_FALSE(found.broken) << found.broken->what;
  EXPECT_EQ(found.begin.number, 0);
  EXPECT_EQ(found.end.number, 3);
  EXPECT_EQ(found.end.hash, database().read(head).hash);
  EXPECT_EQ(found.unsealed, 1);
  EXPECT_EQ(found.made_at, late);
  EXPECT_TRUE(found.is_signed);
}

TEST_P(AuditExportContract, of_nothing_is_whole_too) {
  EXPECT_FALSE(look(joined(exported())).broken);
  record_chain(3);
  for (const Selection& selection : {Selection{.since = late}, Selection{.until = noon}, Selection{.up_to = 0}}) {
    const auto lines = exported(selection);
    EXPECT_EQ(lines.size(), 2U);
    const auto found = look(joined(lines));
    EXPECT_FALSE(found.broken) << found.broken->what;
  }
}

TEST_P(AuditExportContract, takes_what_was_asked_for_without_a_gap) {
  record_chain(10);
  const auto numbers = [&](const Selection& selection) {
    const auto found = look(joined(exported(selection)));
    EXPECT_FALSE(found.broken) << found.broken->what;
    return std::to_string(found.begin.number + 1) + "-" + std::to_string(found.end.number);
  };
  EXPECT_EQ(numbers({.since = noon + seconds{3}}), "4-10");
  EXPECT_EQ(numbers({.until = noon + seconds{3}}), "1-3");
  EXPECT_EQ(numbers({.since = noon + seconds{2}, .until = noon + seconds{8}}), "3-8");
  EXPECT_EQ(numbers({.up_to = 4}), "1-4");
}

TEST_P(AuditExportContract, says_what_was_removed_before) {
  record_chain(5);
  record_chain(3, late);
  ASSERT_TRUE(Retention(database(), {}, key_of(1), log).remove_old(late).ok());
  for (const Selection& selection : {Selection{}, Selection{.since = late + seconds{2}}}) {
    const auto found = look(joined(exported(selection)));
    EXPECT_FALSE(found.broken) << found.broken->what;
    EXPECT_EQ(found.removed, 5);
    EXPECT_EQ(found.end.number, 8);
  }
}

TEST_P(AuditExportContract, of_a_chain_that_is_broken_is_refused) {
  record_chain(5);
  database().write([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = 'x' WHERE number = 2"); });
  const auto key = key_of(1);
  const auto last = write_export(database(), {.since = noon + seconds{3}}, &key, late, [](auto) { return true; });
  ASSERT_FALSE(last.ok()) << "also where the break comes before what was asked for";
  EXPECT_TRUE(last.error().is(chain_broken));
}

TEST_P(AuditExportContract, ends_when_nobody_takes_it) {
  record_chain(5);
  int taken = 0;
  const auto last = write_export(database(), {}, nullptr, late, [&](auto) { return ++taken < 3; });
  ASSERT_FALSE(last.ok());
  EXPECT_TRUE(last.error().is(export_interrupted));
  EXPECT_EQ(taken, 3);
}

TEST_P(AuditExportContract, that_was_changed_anywhere_shows) {
  record_chain(4);
  record_chain(3, late);
  ASSERT_TRUE(Retention(database(), {}, key_of(1), log).remove_old(late).ok());
  const auto lines = exported();
  ASSERT_EQ(lines.size(), 5U);
  ASSERT_FALSE(look(joined(lines)).broken);
  // Every digit, letter and sign of it, one at a time.
  const std::string text = joined(lines);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = other[i] == '1' ? '2' : '1';
    EXPECT_TRUE(look(other).broken) << i << ": " << text.substr(i > 20 ? i - 20 : 0, 30);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto without = lines;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(look(joined(without)).broken) << "without line " << i;
    auto twice = lines;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    EXPECT_TRUE(look(joined(twice)).broken) << "line " << i << " twice";
  }
}

TEST_P(AuditExportContract, that_was_cut_or_written_by_somebody_else_shows) {
  record_chain(4);
  const auto lines = exported();
  EXPECT_TRUE(look("").broken);
  EXPECT_TRUE(look("\n").broken);
  EXPECT_TRUE(look("{}\n").broken);
  EXPECT_TRUE(look(std::string(100'000, 'x')).broken);
  EXPECT_TRUE(look(joined(lines) + "\n").broken);
  EXPECT_TRUE(look(joined(lines), public_key(2)).broken) << "another server's";
  EXPECT_FALSE(look(joined(lines), {}).broken) << "without a key the chain is checked alone";
  const auto unsigned_lines = exported({}, false);
  EXPECT_TRUE(look(joined(unsigned_lines)).broken) << "a signature must not be left out";
  const auto found = look(joined(unsigned_lines), {});
  EXPECT_FALSE(found.broken);
  EXPECT_FALSE(found.is_signed);
  // A checkpoint must not pass for an export, nor the other way round.
  const Link link = database().read(head);
  const auto signature = sign_extent(key_of(1), {.begin = {}, .end = link, .at = late});
  EXPECT_FALSE(is_signed(Checkpoint{.link = link, .at = late, .signature = signature}, *public_key(1)));
}

TEST_P(AuditExportContract, without_an_end_of_line_at_its_end_is_whole) {
  record_chain(2);
  std::string text = joined(exported());
  text.pop_back();
  EXPECT_FALSE(look(text).broken);
}

}  // namespace
}  // namespace cardea::audit
