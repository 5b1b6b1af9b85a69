// What a letter looks like on its way, and what cannot get into it.

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "mail/mail.hpp"

namespace cardea::mail {
namespace {

const Time noon = from_micros(1'795'435'200'000'000);  // 2026-11-23T12:00:00Z

Message hello() { return {.to = "ada@example.com", .subject = "Hello", .text = "Hi.\n", .html = "<p>Hi.</p>\n"}; }

std::string mime(const Message& message, std::string_view from = "Acme <no-reply@example.org>") {
  return to_mime(message, Sender::parse(from).value(), "job_1", noon);
}

std::string head_of(const std::string& content) { return content.substr(0, content.find("\r\n\r\n") + 2); }

TEST(Mime, has_the_headers_of_a_letter) {
  const auto head = head_of(mime(hello()));
  for (const char* line : {"From: \"Acme\" <no-reply@example.org>\r\n", "To: ada@example.com\r\n", "Subject: Hello\r\n",
                           "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n", "Message-ID: <job_1@example.org>\r\n",
                           "Auto-Submitted: auto-generated\r\n", "MIME-Version: 1.0\r\n"}) {
    EXPECT_NE(head.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(head.find("List-Unsubscribe"), std::string::npos);
}

TEST(Mime, is_the_same_for_every_attempt) { EXPECT_EQ(mime(hello()), mime(hello())); }

TEST(Mime, no_text_becomes_a_header) {
  auto message = hello();
  message.subject = "Hi\r\nBcc: eve@evil.example\r\n\r\nbody";
  const auto head = head_of(mime(message));
  EXPECT_EQ(head.find("\r\nBcc:"), std::string::npos) << head;
  EXPECT_NE(head.find("Content-Type: multipart/alternative"), std::string::npos) << "all of it is still the head";
}

TEST(Mime, other_scripts_are_encoded_words_of_whole_characters) {
  auto message = hello();
  for (int i = 0; i < 30; ++i) message.subject += "語é";
  const auto head = head_of(mime(message));
  for (const auto line : text::split(head, '\n')) EXPECT_LE(line.size(), 78U) << line;
  for (const char c : head) EXPECT_GE(c, 0) << head;
}

TEST(Mime, lines_are_short_and_nothing_but_ascii) {
  auto message = hello();
  message.text = std::string(3'000, 'x') + " \nzwölf = 12\t\n.\nFrom here\n";
  const auto content = mime(message);
  for (const auto line : text::split(content, '\n')) {
    EXPECT_LE(line.size(), 77U);
    if (!line.empty()) EXPECT_TRUE(line.ends_with('\r')) << line;
  }
  EXPECT_NE(content.find("zw=C3=B6lf =3D 12=09\r\n"), std::string::npos) << content;
}

TEST(Addresses, are_strictly_parsed) {
  EXPECT_EQ(Address::parse("Ada@EXAMPLE.com")->text(), "Ada@example.com");
  EXPECT_EQ(Address::parse("Ada@EXAMPLE.com")->key(), "ada@example.com");
  for (const char* text :
       {"", "ada", "ada@", "@example.com", "a@b@example.com", "ada@example.com\r\nRCPT TO:<x@y.z>", "ada@example.com>",
        "<ada@example.com>", "ada @example.com", "\"ada lovelace\"@example.com"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
}

TEST(Senders, are_an_address_with_or_without_a_name) {
  EXPECT_EQ(Sender::parse("no-reply@example.com")->name, "");
  EXPECT_EQ(Sender::parse(" Acme, Inc. <no-reply@example.com>")->name, "Acme, Inc.");
  EXPECT_EQ(Sender::parse("\"Acme\" <no-reply@example.com>")->address.text(), "no-reply@example.com");
  for (const char* text : {"", "Acme", "Acme <acme>", "Acme\r\nBcc: x <a@example.com>", "a\"b <a@example.com>"}) {
    EXPECT_FALSE(Sender::parse(text)) << text;
  }
}

}  // namespace
}  // namespace cardea::mail
