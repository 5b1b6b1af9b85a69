#include "edge/chunked.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cardea::edge {
namespace {

using Progress = ChunkDecoder::Progress;

constexpr std::size_t most = 1000;

/// What becomes of a text: what it says, how far it was read.
struct Read {
  Progress progress = Progress::unfinished;
  std::string content;
  std::size_t used = 0;
  friend bool operator==(const Read&, const Read&) = default;
};

/// Reads pieces one after the other, as a connection does.
Read read_pieces(const std::vector<std::string>& pieces, std::size_t limit = most) {
  ChunkDecoder decoder{limit};
  Read read;
  for (const std::string& piece : pieces) {
    std::string_view input = piece;
    while (!input.empty() && decoder.progress() == Progress::unfinished) {
      const auto taken = decoder.take(input);
      read.content += taken.content;
      read.used += taken.used;
      input.remove_prefix(taken.used);
    }
  }
  read.progress = decoder.progress();
  return read;
}

Read read(const std::string& text, std::size_t limit = most) { return read_pieces({text}, limit); }

std::vector<std::string> one_by_one(const std::string& text) {
  std::vector<std::string> pieces;
  for (const char c : text) pieces.emplace_back(1, c);
  return pieces;
}

struct Case {
  const char* name;
  std::string text;
  Progress progress;
  std::string content = {};
};
void PrintTo(const Case& example, std::ostream* out) { *out << example.name; }

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

const std::vector<Case> cases{
    {"one_chunk", "5\r\nhello\r\n0\r\n\r\n", Progress::complete, "hello"},
    {"two_chunks", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", Progress::complete, "hello"},
    {"nothing", "0\r\n\r\n", Progress::complete},
    {"capital_hexadecimal", "A\r\n0123456789\r\n0\r\n\r\n", Progress::complete, "0123456789"},
    {"small_hexadecimal", "a\r\n0123456789\r\n0\r\n\r\n", Progress::complete, "0123456789"},
    {"leading_zeros", "0005\r\nhello\r\n0000\r\n\r\n", Progress::complete, "hello"},
    {"sixteen_digits", "0000000000000005\r\nhello\r\n0\r\n\r\n", Progress::complete, "hello"},
    {"content_that_looks_like_an_end", "7\r\n0\r\n\r\nGE\r\n0\r\n\r\n", Progress::complete, "0\r\n\r\nGE"},
    {"extension", "5;a=b\r\nhello\r\n0;last\r\n\r\n", Progress::complete, "hello"},
    {"extension_in_quotes", "5;a=\"b; c\"\r\nhello\r\n0\r\n\r\n", Progress::complete, "hello"},
    {"trailer", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n", Progress::complete, "hello"},
    {"exactly_the_most", "3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n", Progress::complete,
     std::string(1000, 'x')},
    {"tiny_chunks", repeated("1\r\nx\r\n", 1000) + "0\r\n\r\n", Progress::complete, std::string(1000, 'x')},
    {"extensions_within_the_limit", "1;" + std::string(max_chunk_extensions, 'e') + "\r\nx\r\n0\r\n\r\n",
     Progress::complete, "x"},

    {"half_a_size", "5", Progress::unfinished},
    {"half_a_chunk", "5\r\nhel", Progress::unfinished, "hel"},
    {"no_last_chunk", "5\r\nhello\r\n", Progress::unfinished, "hello"},
    {"no_end_behind_the_last_chunk", "0\r\n", Progress::unfinished},
    {"no_end_behind_trailers", "0\r\nX: y\r\n", Progress::unfinished},

    {"empty_size", "\r\n", Progress::malformed},
    {"plus", "+5\r\nhello", Progress::malformed},
    {"minus", "-5\r\nhello", Progress::malformed},
    {"hexadecimal_prefix", "0x5\r\nhello", Progress::malformed},
    {"hexadecimal_prefix_behind_a_digit", "5x\r\nhello", Progress::malformed},
    {"no_digit", "g\r\nhello", Progress::malformed},
    {"space_before_size", " 5\r\nhello", Progress::malformed},
    {"space_behind_size", "5 \r\nhello", Progress::malformed},
    {"tab_before_extension", "5\t;a\r\nhello", Progress::malformed},
    {"underscore", "1_0\r\nhello", Progress::malformed},
    {"comma", "5,5\r\nhello", Progress::malformed},
    {"decimal_point", "5.0\r\nhello", Progress::malformed},
    {"seventeen_digits", "00000000000000005\r\nhello", Progress::malformed},
    {"size_ended_by_lf", "5\nhello", Progress::malformed},
    {"size_ended_by_cr", "5\rhello", Progress::malformed},
    {"size_ended_by_two_cr", "5\r\r\nhello", Progress::malformed},
    {"nul_behind_size", std::string{"5\0\r\nhello", 9}, Progress::malformed},
    {"chunk_ended_by_lf", "5\r\nhello\n0\r\n\r\n", Progress::malformed, "hello"},
    {"chunk_ended_by_cr", "5\r\nhello\r0\r\n\r\n", Progress::malformed, "hello"},
    {"chunk_longer_than_it_says", "5\r\nhelloo\r\n0\r\n\r\n", Progress::malformed, "hello"},
    {"chunk_shorter_than_it_says", "5\r\nhell\r\n0\r\n\r\n", Progress::malformed, "hell\r"},
    {"lf_in_extension", "5;a\nhello", Progress::malformed},
    {"cr_in_extension", "5;a\rb\r\nhello", Progress::malformed},
    {"nul_in_extension", std::string{"5;\0\r\nhello", 10}, Progress::malformed},
    {"lf_in_a_quoted_extension", "5;a=\"\n\"\r\nhello", Progress::malformed},
    {"extensions_beyond_the_limit", "1;" + std::string(max_chunk_extensions + 1, 'e'), Progress::malformed},
    {"extensions_of_many_chunks", repeated("1;" + std::string(64, 'e') + "\r\nx\r\n", 65), Progress::malformed,
     std::string(64, 'x')},
    {"last_chunk_ended_by_lf", "0\n\r\n", Progress::malformed},
    {"end_by_lf", "0\r\n\n", Progress::malformed},
    {"end_by_cr", "0\r\n\rG", Progress::malformed},
    {"trailer_ended_by_lf", "0\r\nX: y\n\r\n", Progress::malformed},
    {"trailer_ended_by_cr", "0\r\nX: y\rZ: z\r\n\r\n", Progress::malformed},
    {"trailer_without_colon", "0\r\nX\r\n\r\n", Progress::malformed},
    {"trailer_without_name", "0\r\n: y\r\n\r\n", Progress::malformed},
    {"trailer_with_a_space_before_its_colon", "0\r\nX : y\r\n\r\n", Progress::malformed},
    {"folded_trailer", "0\r\nX: y\r\n z\r\n\r\n", Progress::malformed},
    {"nul_in_trailer", std::string{"0\r\nX: \0\r\n\r\n", 12}, Progress::malformed},
    {"trailers_without_end", "0\r\n" + repeated("X: y\r\n", max_trailers), Progress::malformed},

    {"one_byte_too_many", "3e9\r\n", Progress::too_large},
    {"one_byte_too_many_in_all", "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n", Progress::too_large,
     std::string(1000, 'x')},
    {"overflow", "ffffffffffffffff\r\n", Progress::too_large},
    {"overflow_by_a_digit", "10000000000000000\r\n", Progress::too_large},
    {"overflow_of_two_chunks", "1\r\nx\r\nffffffffffffffff\r\n", Progress::too_large, "x"},
};

class Chunked : public testing::TestWithParam<Case> {};

TEST_P(Chunked, is_read_as_it_says) {
  const Read whole = read(GetParam().text);
  EXPECT_EQ(whole.progress, GetParam().progress);
  EXPECT_EQ(whole.content, GetParam().content);
  EXPECT_EQ(read_pieces(one_by_one(GetParam().text)), whole) << "byte by byte";
}

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(text, Chunked, testing::ValuesIn(cases), name_of);

TEST(ChunkDecoder, uses_nothing_behind_the_body) {
  const std::string body = "2\r\n{}\r\n0\r\nX: y\r\n\r\n";
  const Read got = read(body + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(got.progress, Progress::complete);
  EXPECT_EQ(got.used, body.size());
}

TEST(ChunkDecoder, refuses_a_chunk_as_soon_as_it_is_announced) {
  ChunkDecoder decoder{10};
  (void)decoder.take("b");
  EXPECT_EQ(decoder.progress(), Progress::too_large);
  EXPECT_EQ(decoder.take("\r\n").used, 0U) << "and reads no further";
}

/// A text that is a body, or nearly: most of it is what decoders look at.
std::string from_noise(const std::vector<std::uint8_t>& noise) {
  const std::vector<std::string> words{"0",   "1", "2",          "a",     "\r\n", "\r",       "\n", ";",
                                       "x=y", ":", "1\r\nz\r\n", "0\r\n", " ",    "T: v\r\n", "{",  "\r\n\r\n"};
  std::string text;
  for (const std::uint8_t byte : noise) text += words[byte % words.size()];
  return text;
}

RC_GTEST_PROP(ChunkedProperty, where_reads_cut_a_body_makes_no_difference,
              (const std::vector<std::uint8_t>& noise, const std::vector<std::uint8_t>& cuts)) {
  const std::string text = from_noise(noise);
  std::vector<std::string> pieces;
  std::size_t from = 0;
  for (const std::uint8_t cut : cuts) {
    const std::size_t size = std::min<std::size_t>(cut % 8U, text.size() - from);
    pieces.push_back(text.substr(from, size));
    from += size;
  }
  pieces.push_back(text.substr(from));
  RC_ASSERT(read_pieces(pieces, 20) == read(text, 20));
}

RC_GTEST_PROP(ChunkedProperty, what_was_put_into_chunks_comes_out_again, (const std::vector<std::string>& parts)) {
  std::string text;
  std::string content;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    std::string digits;
    for (std::size_t size = part.size(); size > 0; size /= 16) digits.insert(0, 1, "0123456789abcdef"[size % 16]);
    text += digits + "\r\n" + part + "\r\n";
    content += part;
  }
  const Read got = read(text + "0\r\n\r\n", content.size());
  RC_ASSERT(got.progress == Progress::complete);
  RC_ASSERT(got.content == content);
}

}  // namespace
}  // namespace cardea::edge
