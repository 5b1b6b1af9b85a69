// Filters made of lists, and what they answer.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "breached/filter.hpp"
#include "breached/filter_writer.hpp"
#include "breached/import.hpp"
#include "breached/range_coding.hpp"

namespace cardea::breached {
namespace {

namespace fs = std::filesystem;

const Time noon = from_micros(1'800'000'000'000'000);

std::string hexadecimal(const crypto::Sha1& hash) {
  std::string text;
  for (const auto byte : hash) {
    for (const unsigned digit : {unsigned{byte} >> 4U, byte & 15U}) text += "0123456789ABCDEF"[digit];
  }
  return text;
}

std::uint32_t any_number(std::mt19937& random) { return static_cast<std::uint32_t>(random()) >> (32 - rest_bits); }

class Breached : public ::testing::Test {
 protected:
  Breached() { fs::create_directories(folder_); }
  ~Breached() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string in_folder(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{in_folder(name), std::ios::binary} << text;
  }
  /// The list of these passwords, in order.
  static std::string list_of(const std::vector<std::string>& passwords) {
    std::set<std::string> hashes;
    for (const auto& each : passwords) hashes.insert(hexadecimal(crypto::sha1(each)));
    std::string text;
    for (const auto& each : hashes) text += each + ":3\r\n";
    return text;
  }
  Result<Facts> import(const std::string& name, const std::string& filter = "filter") const {
    std::ofstream{in_folder(filter), std::ios::binary};
    return import_list(in_folder(name), in_folder(filter), noon, [](std::int64_t, std::int64_t) {});
  }
  Result<Facts> import_text(const std::string& text) const {
    write("list.txt", text);
    return import("list.txt");
  }
  std::string refusal(const std::string& text) const {
    const auto made = import_text(text);
    return made ? "" : made.error().detail;
  }
  bool holds(const std::string& password) {
    const Passwords passwords{in_folder("filter"), Presence::required, log_};
    return passwords.hold(password);
  }

  const fs::path folder_ = fs::temp_directory_path() / ("breached_test." + std::to_string(::getpid()));
  observe::Log log_{observe::Format::json, observe::Level::error};
};

TEST_F(Breached, list_holds_what_was_in_it_and_nothing_else) {
  std::vector<std::string> passwords;
  for (int i = 0; i < 20'000; ++i) passwords.push_back("leaked " + std::to_string(i));
  const auto made = import_text(list_of(passwords));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->entries, 20'000U);
  const auto facts = inspect(in_folder("filter"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->entries, 20'000U);
  EXPECT_EQ(facts->made_at, noon);
  const Passwords list{in_folder("filter"), Presence::required, log_};
  for (const auto& each : passwords) ASSERT_TRUE(list.hold(each)) << each;
  for (int i = 0; i < 20'000; ++i) ASSERT_FALSE(list.hold("secret " + std::to_string(i)));
}

TEST_F(Breached, known_hash_is_found) {
  // The first line of what the range service says of 21BD1, and of a password that everybody uses.
  ASSERT_TRUE(
      import_text("0018A45C4D1DEF81644B54AB7F969B88D65A0001:1\n"
                  "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365\n"
                  "FFFFFFFEE791CBAC0F6305CAF0CEE06BBE131160:2\n"));
  EXPECT_TRUE(holds("password"));
  EXPECT_FALSE(holds("Password"));
}

TEST_F(Breached, folder_of_ranges_is_the_same_list) {
  const std::string hash = hexadecimal(crypto::sha1("password"));
  fs::create_directories(folder_ / "ranges");
  write("ranges/00000.txt", "0005AD76BD555C1D6D771DE417A4B87E4B4:4\r\n000A8DAE4228F821FB418F59826079BF368:0\n");
  write("ranges/" + hash.substr(0, 5) + ".txt", "\xEF\xBB\xBF" + hash.substr(5) + ":9");
  write("ranges/FFFFF", "");
  const auto made = import("ranges");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->entries, 2U) << "a line that fills a range up is no password";
  EXPECT_TRUE(holds("password"));
  EXPECT_TRUE(import_text("00000\n0005AD76BD555C1D6D771DE417A4B87E4B4:4\n" + hash.substr(0, 5) + "\n" + hash.substr(5) +
                          ":1\n"))
      << "and in one piece, each range behind its prefix";
  EXPECT_TRUE(holds("password"));
}

TEST_F(Breached, other_files_are_refused_by_line) {
  const std::string good = "0018A45C4D1DEF81644B54AB7F969B88D65A0001:1\n";
  const auto says = [](const std::string& said, const std::string& what) {
    return said.find(what) != std::string::npos;
  };
  EXPECT_TRUE(says(refusal(""), "there is no hash in it"));
  EXPECT_TRUE(says(refusal("32ED87BDB5FDC5E9CBA88547376818D4:24230577\n"), "list.txt:1: it is an NTLM hash"));
  EXPECT_TRUE(says(refusal("00000\n0005AD76BD555C1D6D771DE417A:4\n"), "list.txt:2: it is an NTLM hash"));
  EXPECT_TRUE(says(refusal("0005AD76BD555C1D6D771DE417A4B87E4B4:4\n"), "nothing says of which"));
  EXPECT_TRUE(says(refusal(good + "0018A45C4D1DEF81644B54AB7F969B88D65A0001\n"), "list.txt:2: it is not HASH:COUNT"));
  EXPECT_TRUE(says(refusal(good + "FF18A45C4D1DEF81644B54AB7F969B88D65A0001:x"), "list.txt:2"));
  EXPECT_TRUE(says(refusal(good + "FF18A45C4D1DEF81644B54AB7F9"), "list.txt:2")) << "cut off";
  EXPECT_TRUE(says(refusal("FF18A45C4D1DEF81644B54AB7F969B88D65A0001:1\n" + good), "list.txt:2: it is not ordered"));
  EXPECT_TRUE(says(refusal(std::string(3'000'000, 'A')), "list.txt:1"));
  EXPECT_TRUE(says(refusal(std::string(100, '\0')), "list.txt:1"));
  std::string dense;
  for (int i = 10; i < 60; ++i) dense += "00000" + std::to_string(i) + std::string(33, '0') + ":1\n";
  EXPECT_TRUE(says(refusal(dense), "it is not complete: no hash begins with 00001"));
  EXPECT_THROW((void)import("nowhere"), std::system_error);
}

TEST_F(Breached, damaged_or_foreign_file_is_refused) {
  ASSERT_TRUE(import_text(list_of({"password", "letmein"})));
  std::ifstream in{in_folder("filter"), std::ios::binary};
  const std::string good{std::istreambuf_iterator<char>{in}, {}};
  const auto refused = [&](const std::string& bytes) {
    write("other", bytes);
    return !inspect(in_folder("other"));
  };
  EXPECT_FALSE(refused(good));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("SQLite format 3"));
  EXPECT_TRUE(refused(good.substr(0, good.size() - 1)));
  EXPECT_TRUE(refused(good + '\0'));
  EXPECT_TRUE(refused(good.substr(0, head_size)));
  for (const std::size_t at : {0U, 16U, 24U, 33U, 40U, 50U, 79U, 80U, 5000U, 8'000'000U}) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_TRUE(refused(damaged)) << at;
  }
  EXPECT_TRUE(!inspect(folder_.string()));
  EXPECT_TRUE(!inspect("/dev/zero"));
  EXPECT_THROW((Passwords{in_folder("other"), Presence::optional, log_}), std::runtime_error);
  EXPECT_THROW((Passwords{in_folder("nowhere"), Presence::required, log_}), std::runtime_error);
}

TEST_F(Breached, damaged_range_holds_nothing_and_is_logged) {
  ASSERT_TRUE(import_text(list_of({"password"})));
  std::string logged;
  log_.redirect([&](std::string_view line) { logged += line; });
  const Passwords list{in_folder("filter"), Presence::required, log_};
  EXPECT_TRUE(list.hold("password"));
  {
    std::fstream file{in_folder("filter"), std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(-1, std::ios::end);
    file.put('\x55');
  }
  EXPECT_FALSE(list.hold("password"));
  EXPECT_TRUE(log_.flush());
  EXPECT_NE(logged.find("breached.list_damaged"), std::string::npos) << logged;
}

TEST_F(Breached, new_list_is_used_at_once_and_a_bad_one_is_not) {
  const Passwords list{in_folder("filter"), Presence::optional, log_};
  EXPECT_FALSE(list.hold("password")) << "there is none yet";
  const auto put = [&](const std::string& text) {
    write("list.txt", text);
    ASSERT_TRUE(import("list.txt", "fresh"));
    fs::rename(in_folder("fresh"), in_folder("filter"));
  };
  put(list_of({"password"}));
  EXPECT_TRUE(list.hold("password"));
  put(list_of({"letmein"}));
  EXPECT_FALSE(list.hold("password"));
  EXPECT_TRUE(list.hold("letmein"));
  write("fresh", "something else");
  fs::rename(in_folder("fresh"), in_folder("filter"));
  EXPECT_TRUE(list.hold("letmein")) << "the last good one";
  fs::remove(in_folder("filter"));
  EXPECT_TRUE(list.hold("letmein"));
}

TEST(RangeCoding, any_set_of_numbers_is_exactly_that_set) {
  std::mt19937 random{7};  // NOLINT(cert-msc51-cpp): the same each time
  for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 9U, 100U, 954U, 5000U, 65'536U}) {
    std::set<std::uint32_t> numbers{0};
    if (count > 1) numbers.insert((1U << rest_bits) - 1);
    while (numbers.size() < count) numbers.insert(any_number(random));
    const std::vector<std::uint32_t> sorted{numbers.begin(), numbers.end()};
    const Bytes bytes = write_range(42, sorted);
    EXPECT_LE(bytes.size(), most_range_size);
    const auto found = [&](std::uint32_t number) { return range_holds(bytes, {.range = 42, .rest = number}); };
    for (std::size_t i = 0; i < sorted.size(); i += 1 + sorted.size() / 500) {
      ASSERT_EQ(found(sorted[i]), true) << count;
      for (const auto near : {sorted[i] + 1, sorted[i] - 1}) {
        if (near >> rest_bits == 0) ASSERT_EQ(found(near), numbers.contains(near)) << count << " " << near;
      }
    }
    EXPECT_EQ(range_holds(bytes, {.range = 43, .rest = sorted[0]}), std::nullopt) << "another range's bytes";
  }
}

TEST(RangeCoding, of_strangers_one_in_a_million_at_most_is_taken_for_leaked) {
  // In a filter with the most entries, a range has this many of 2^31 numbers.
  constexpr std::size_t count = most_entries / ranges;
  static_assert(static_cast<double>(most_entries) / 2251799813685248.0 <= 1e-6);
  // Thirty times as many are thirty times as often hit, which a test can see.
  std::mt19937 random{11};  // NOLINT(cert-msc51-cpp): the same each time
  std::set<std::uint32_t> numbers;
  while (numbers.size() < count * 30) numbers.insert(any_number(random));
  const std::vector<std::uint32_t> sorted{numbers.begin(), numbers.end()};
  Bytes bytes(shape_of(sorted.size()).size());
  encode(sorted, bytes);
  constexpr int tries = 1'000'000;
  int hits = 0;
  for (int i = 0; i < tries; ++i) hits += holds(bytes, sorted.size(), any_number(random)) ? 1 : 0;
  EXPECT_LE(hits, 30 + 4 * 6) << "thirty are expected, and four standard deviations more";
  EXPECT_GE(hits, 30 - 4 * 6);
}

TEST(FilterWriter, needs_about_23_bits_for_each_of_a_billion) {
  constexpr double in_range = 1e9 / ranges;
  const auto bytes = static_cast<double>(range_head_size + shape_of(954).size() + 8);
  EXPECT_LE(bytes * 8 / in_range, 23.5);
}

}  // namespace
}  // namespace cardea::breached
