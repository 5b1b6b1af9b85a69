#include "note/note.hpp"

#include <gtest/gtest.h>

#include "encoding/base64.hpp"
#include "note/note_wire.hpp"

namespace cardea::note {
namespace {

const Settings settings;

std::string code_of(std::string_view text, const Settings& limits = settings) {
  const auto checked = check_text(text, limits);
  if (checked.ok()) return "good";
  EXPECT_TRUE(checked.error().is(validation_failed));
  EXPECT_EQ(checked.error().fields.at(0).field, "note");
  return checked.error().fields.at(0).code;
}

TEST(NoteText, ordinary_text_of_any_script_is_good) {
  for (const auto* text : {"a", "Grüße,\n\tAnn", "一二三", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80", "שלום", "  ",
                           "a\r\nb", "\xC2\xA0", "<script>alert(1)</script>"}) {
    EXPECT_EQ(code_of(text), "good") << text;
  }
}

TEST(NoteText, control_characters_are_refused) {
  for (int c = 0; c < 0xA0; ++c) {
    if ((c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t') continue;
    const std::string text =
        c < 0x80 ? std::string{"a"} + static_cast<char>(c) : std::string{"a\xC2"} + static_cast<char>(c);
    EXPECT_EQ(code_of(text), "invalid_text") << c;
  }
  EXPECT_EQ(code_of("a\rb"), "invalid_text");
}

TEST(NoteText, malformed_utf8_is_refused) {
  for (const auto* text : {"\xFF", "\xC2", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    EXPECT_EQ(code_of(text), "invalid_text");
  }
}

TEST(NoteText, length_counts_code_points_from_one_to_the_limit) {
  const Settings three{.max_text = 3};
  EXPECT_EQ(code_of("", three), "too_short");
  EXPECT_EQ(code_of("€€€", three), "good");
  EXPECT_EQ(code_of("\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80", three), "good");
  EXPECT_EQ(code_of("a\r\nb", three), "good");
  EXPECT_EQ(code_of("abcd", three), "too_long");
  EXPECT_EQ(code_of(std::string(1 << 20, 'a'), three), "too_long");
}

TEST(NoteWire, image_is_read_bare_or_as_a_data_url) {
  // The least lossless WebP: a 5-byte stream head and its padding.
  const std::string webp{"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2F\0\0\0\0\0", 26};
  const auto text = encoding::base64(as_bytes(webp));
  for (const auto& spelled : {text, "data:image/webp;base64," + text, "data:image/svg+xml;base64," + text}) {
    const auto image = decode_image(spelled, 1024);
    ASSERT_TRUE(image.ok()) << spelled;
    EXPECT_EQ(image->type, "image/webp");
    EXPECT_EQ(image->bytes, webp);
  }
}

TEST(NoteWire, image_that_is_not_base64_is_refused) {
  for (const auto* text : {"", "%%%", "data:image/png,abc", "data:image/png;base64", "http://evil.test/a.png", "AAA"}) {
    const auto image = decode_image(text, 1024);
    ASSERT_FALSE(image.ok()) << text;
    EXPECT_EQ(image.error().fields.at(0).field, "image");
  }
}

TEST(NoteImage, response_never_runs_as_a_page) {
  const auto response = image_response({.type = "image/png", .bytes = "bytes"});
  EXPECT_EQ(response.body, "bytes");
  EXPECT_EQ(response.headers.get("Content-Type"), "image/png");
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.headers.get("Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(response.headers.get("Content-Disposition"), "inline; filename=\"note.png\"");
  EXPECT_FALSE(response.headers.has("Cross-Origin-Resource-Policy"));  // follows the list of origins
  EXPECT_EQ(response.headers.get("Cache-Control"), "private, no-store");
}

}  // namespace
}  // namespace cardea::note
