#include <gtest/gtest.h>

#include <rapidcheck.h>

#include "encoding/base64.hpp"
#include "note/note.hpp"

namespace cardea::note {
namespace {

std::string big(std::uint32_t number, int size) {
  std::string out;
  for (int i = size - 1; i >= 0; --i) out += static_cast<char>(number >> static_cast<unsigned>(8 * i));
  return out;
}
std::string little(std::uint32_t number, int size) {
  std::string out = big(number, size);
  return {out.rbegin(), out.rend()};
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xEDB88320U : crc >> 1U;
  }
  return ~crc;
}

const std::string png_signature{"\x89PNG\r\n\x1A\n"};
std::string chunk(const std::string& type, const std::string& content) {
  return big(static_cast<std::uint32_t>(content.size()), 4) + type + content + big(crc32(type + content), 4);
}
std::string header(std::uint32_t width, std::uint32_t height, const std::string& rest = {"\x08\x06\0\0\0", 5}) {
  return chunk("IHDR", big(width, 4) + big(height, 4) + rest);
}
std::string png(std::uint32_t width = 1, std::uint32_t height = 1) {
  return png_signature + header(width, height) + chunk("tEXt", std::string{"k\0v", 3}) + chunk("IDAT", "data") +
         chunk("IEND", "");
}

std::string segment(std::uint8_t marker, const std::string& content) {
  return std::string{'\xFF', static_cast<char>(marker)} + big(static_cast<std::uint32_t>(content.size() + 2), 2) +
         content;
}
std::string frame(std::uint32_t width, std::uint32_t height) {
  return segment(0xC0, "\x08" + big(height, 2) + big(width, 2) + "\x01\x01\x11" + std::string(1, '\0'));
}
const std::string start{"\xFF\xD8"}, end{"\xFF\xD9"},
    scan = segment(0xDA, "\x01\x01") + std::string{
                                           "ab\xFF\0"
                                           "cd\xFF\xD0"
                                           "ef",
                                           10};
std::string jpeg() { return start + segment(0xE0, std::string{"JFIF\0", 5}) + frame(2, 3) + scan + end; }

std::string riff(const std::string& chunks) {
  return "RIFF" + little(static_cast<std::uint32_t>(chunks.size() + 4), 4) + "WEBP" + chunks;
}
std::string part(const std::string& name, const std::string& content) {
  return name + little(static_cast<std::uint32_t>(content.size()), 4) + content + std::string(content.size() % 2, '\0');
}
const std::string lossy = part("VP8 ", std::string{"\0\0\0\x9D\x01\x2A\x01\0\x01\0..", 12});
const std::string lossless = part("VP8L", std::string{"\x2F\0\0\0\0", 5});
std::string canvas(std::uint32_t width, std::uint32_t height) {
  return part("VP8X", std::string(4, '\0') + little(width - 1, 3) + little(height - 1, 3));
}

std::string type_of(const std::string& bytes) {
  const auto image = check_image(bytes, 1 << 20);
  if (image.ok()) return image->type;
  EXPECT_EQ(image.error().fields.at(0).field, "image");
  return image.error().fields.at(0).code;
}

TEST(NoteImage, whole_images_of_the_three_formats_are_known) {
  EXPECT_EQ(type_of(png()), "image/png");
  EXPECT_EQ(type_of(jpeg()), "image/jpeg");
  EXPECT_EQ(type_of(riff(lossy)), "image/webp");
  EXPECT_EQ(type_of(riff(lossless)), "image/webp");
  EXPECT_EQ(type_of(riff(canvas(10, 20) + part("ALPH", "a") + lossy)), "image/webp");
  EXPECT_EQ(type_of(riff(canvas(10, 20) + part("ANIM", "123456") + part("ANMF", "frame"))), "image/webp");
}

TEST(NoteImage, real_png_written_by_another_program_is_known) {
  const auto bytes = encoding::parse_base64(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");
  EXPECT_EQ(type_of(std::string{as_text(bytes.value())}), "image/png");
}

TEST(NoteImage, progressive_jpeg_with_several_scans_and_fill_bytes_is_known) {
  EXPECT_EQ(type_of(start + frame(2, 3) + scan + "\xFF" + segment(0xC4, "table") + scan + "\xFF\xFF" + end),
            "image/jpeg");
}

TEST(NoteImage, size_limit_is_exact) {
  EXPECT_TRUE(check_image(png(), static_cast<std::int64_t>(png().size())).ok());
  const auto image = check_image(png(), static_cast<std::int64_t>(png().size()) - 1);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().fields.at(0).code, "image_too_large");
}

TEST(NoteImage, what_only_claims_to_be_an_image_is_refused) {
  for (const std::string& bytes :
       {std::string{}, std::string{"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"},
        std::string{"<!doctype html><script>alert(1)</script>"}, std::string{"GIF89a"}, std::string{"BM"},
        png_signature, png_signature + "<script>alert(1)</script>", std::string{"\xFF\xD8\xFF<script>"},
        std::string{"RIFF\x10\0\0\0WEBP<script>", 20}, std::string{"%PDF-1.7"}}) {
    EXPECT_EQ(type_of(bytes), "image_type") << bytes;
  }
}

TEST(NoteImage, what_is_behind_the_end_is_cut_off) {
  const std::string second = start + segment(0xE1, "Exif") + frame(2, 3) + scan + end;
  const std::string film =
      std::string{
          "\0\0\0\x18"
          "ftypmp42",
          12} +
      std::string(100, 'f');
  for (const auto& image : {png(), jpeg(), riff(lossy), riff(lossless), riff(canvas(1, 1) + lossy)}) {
    for (const std::string& more : {std::string(1, '\0'), std::string(4096, '\0'), second, film, image,
                                    std::string{"<script>alert(1)</script>"}, std::string{"PK\x03\x04"}}) {
      const auto checked = check_image(image + more, 1 << 20);
      ASSERT_TRUE(checked.ok());
      EXPECT_EQ(checked->bytes, image);
    }
  }
}

TEST(NoteImage, size_limit_is_that_of_the_picture_without_what_is_behind_it) {
  EXPECT_TRUE(check_image(png() + std::string(5000, '\0'), static_cast<std::int64_t>(png().size())).ok());
}

TEST(NoteImage, picture_within_the_picture_is_no_end) {
  const std::string thumbnail = start + frame(1, 1) + scan + end;
  const auto photo = start + segment(0xE1, "Exif" + thumbnail) + frame(2, 3) + scan + end;
  const auto checked = check_image(photo + std::string(64, '\0'), 1 << 20);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->bytes, photo);
}

TEST(NoteImage, anything_before_the_image_is_refused) {
  for (const auto& image : {png(), jpeg(), riff(lossy), riff(lossless), riff(canvas(1, 1) + lossy)}) {
    for (const std::string& more :
         {std::string(1, '\0'), std::string{"<script>alert(1)</script>"}, std::string{"PK\x03\x04"}}) {
      EXPECT_EQ(type_of(more + image), "image_type");
    }
  }
}

TEST(NoteImage, truncated_image_is_refused_at_every_length) {
  for (const auto& image : {png(), jpeg(), riff(lossy), riff(lossless), riff(canvas(1, 1) + lossy)}) {
    for (std::size_t size = 0; size < image.size(); ++size)
      EXPECT_EQ(type_of(image.substr(0, size)), "image_type") << size;
  }
}

TEST(NoteImage, absurd_dimensions_are_refused) {
  EXPECT_EQ(type_of(png(16'384, 16'384)), "image/png");
  for (const auto& [width, height] : {std::pair{0U, 1U}, {1U, 0U}, {16'385U, 1U}, {1U, 16'385U}, {0x80000001U, 1U}}) {
    EXPECT_EQ(type_of(png(width, height)), "image_type");
  }
  EXPECT_EQ(type_of(start + frame(16'384, 16'384) + scan + end), "image/jpeg");
  for (const auto& [width, height] : {std::pair{0U, 1U}, {1U, 0U}, {16'385U, 1U}, {1U, 65'535U}}) {
    EXPECT_EQ(type_of(start + frame(width, height) + scan + end), "image_type");
  }
  EXPECT_EQ(type_of(riff(canvas(16'384, 16'384) + lossy)), "image/webp");
  EXPECT_EQ(type_of(riff(canvas(16'385, 1) + lossy)), "image_type");
  EXPECT_EQ(type_of(riff(canvas(1, 1 << 24) + lossy)), "image_type");
}

TEST(NoteImage, png_structure_is_checked) {
  auto wrong_crc = png();
  wrong_crc[8 + 8 + 13] = static_cast<char>(wrong_crc[8 + 8 + 13] ^ 1);
  const auto data = chunk("IDAT", "data"), last = chunk("IEND", "");
  for (const auto& bytes :
       {wrong_crc, png_signature + data + header(1, 1) + last, png_signature + header(1, 1) + last,
        png_signature + header(1, 1) + data, png_signature + header(1, 1) + header(1, 1) + data + last,
        png_signature + header(1, 1) + data + chunk("IEND", "x"),
        png_signature + header(1, 1) + chunk("ID<>", "") + data + last,
        png_signature + header(1, 1, {"\x08\x05\0\0\0", 5}) + data + last,
        png_signature + header(1, 1, {"\x03\x06\0\0\0", 5}) + data + last,
        png_signature + header(1, 1, {"\x08\x06\x01\0\0", 5}) + data + last,
        png_signature + header(1, 1, {"\x08\x06\0\0\x02", 5}) + data + last,
        png_signature + header(1, 1) + big(0xFFFFFFFF, 4) + "IDATdata" + last}) {
    EXPECT_EQ(type_of(bytes), "image_type");
  }
}

TEST(NoteImage, jpeg_begins_with_its_first_marker) {
  EXPECT_EQ(type_of("\xFF\xFF" + jpeg()), "image_type");
  EXPECT_EQ(type_of("\xFF" + jpeg()), "image_type");
}

TEST(NoteImage, jpeg_structure_is_checked) {
  for (const auto& bytes :
       {start + end, start + frame(1, 1) + end, start + scan + end, start + frame(1, 1) + frame(1, 1) + scan + end,
        start + start + frame(1, 1) + scan + end, start + "junk" + frame(1, 1) + scan + end,
        start + std::string{"\xFF\xE0\0\x01", 4} + frame(1, 1) + scan + end, frame(1, 1) + scan + end}) {
    EXPECT_EQ(type_of(bytes), "image_type");
  }
}

TEST(NoteImage, webp_structure_is_checked) {
  auto wrong_size = riff(lossy);
  ++wrong_size[4];
  auto wrong_padding = riff(lossless);
  wrong_padding.back() = 'x';
  for (const auto& bytes :
       {wrong_size, wrong_padding, riff(""), riff(lossy + lossy), riff(canvas(1, 1)),
        riff(canvas(1, 1) + canvas(1, 1) + lossy),
        riff(part("VP8 ", std::string{"\x01\0\0\x9D\x01\x2A\x01\0\x01\0", 10})), riff(part("VP8 ", "short")),
        riff(part("VP8 ", std::string{"\0\0\0\x9D\x01\x2A\0\0\x01\0", 10})), riff(part("VP8L", std::string(5, '\0'))),
        riff(part("HTML", "<script>")), riff(canvas(1, 1) + part("VP8L", "bad")),
        riff(part("VP8X", "short") + lossy)}) {
    EXPECT_EQ(type_of(bytes), "image_type");
  }
}

TEST(NoteImage, no_bytes_upset_the_check) {
  const std::vector<std::string> seeds{png(), jpeg(), riff(lossy), riff(lossless), riff(canvas(1, 1) + lossy)};
  EXPECT_TRUE(rc::check("changed, cut and extended images are accepted or refused, never worse", [&] {
    auto bytes = *rc::gen::elementOf(seeds);
    const auto changes = *rc::gen::inRange(0, 8);
    for (int i = 0; i < changes; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
      bytes[at] = static_cast<char>(*rc::gen::inRange(0, 256));
    }
    bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 8));
    RC_ASSERT(!type_of(bytes).empty());
  }));
}

}  // namespace
}  // namespace cardea::note
