#include "edge/proxy_header.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace cardea::edge {
namespace {

using State = ProxyHeader::State;

/// Receives `text` as the reader of a socket does: no byte that is not asked for. Gives the bytes it took as well.
struct Received {
  ProxyHeader header;
  std::size_t used = 0;
};
Received receive(std::string_view text, std::size_t most_at_once = 4096) {
  Received received;
  for (;;) {
    received.header = parse_proxy_header(text.substr(0, received.used));
    const std::size_t left = text.size() - received.used;
    if (received.header.state != State::incomplete || left == 0) return received;
    received.used += std::min({received.header.needed, left, most_at_once});
  }
}

std::string v2(char command, char family, std::string_view rest) {
  std::string text{"\r\n\r\n\0\r\nQUIT\n", 12};
  text += command;
  text += family;
  text += static_cast<char>(rest.size() / 256);
  text += static_cast<char>(rest.size() % 256);
  return text.append(rest);
}

const std::string four{"\xcb\x00\x71\x07\x7f\x00\x00\x01\xc8\x22\x01\xbb", 12};  // 203.0.113.7:51234
const std::string six{std::string{"\x20\x01\x0d\xb8", 4} + std::string(11, '\0') + '\x07' + std::string(16, '\1') +
                      "abcd"};

TEST(ProxyHeaderText, names_the_client) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"PROXY TCP4 203.0.113.7 127.0.0.1 51234 443\r\n", "203.0.113.7"},
      {"PROXY TCP4 203.0.113.7 127.0.0.1 0 65535\r\n", "203.0.113.7"},
      {"PROXY TCP6 2001:db8::7 ::1 51234 443\r\n", "2001:db8::7"},
      {"PROXY TCP6 2001:DB8:0:0:0:0:0:7 ::1 51234 443\r\n", "2001:db8::7"},
      {"PROXY TCP6 ::ffff:203.0.113.7 ::1 51234 443\r\n", "203.0.113.7"},
      {"PROXY UNKNOWN\r\n", ""},
      {"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", ""},
      {v2('\x21', '\x11', four), "203.0.113.7"},
      {v2('\x21', '\x11', four + std::string{"\x04\x00\x03xyz", 6}), "203.0.113.7"},
      {v2('\x21', '\x21', six), "2001:db8::7"},
      {v2('\x21', '\x21', std::string(10, '\0') + "\xff\xff" + four.substr(0, 4) + std::string(20, '\1')),
       "203.0.113.7"},
      {v2('\x21', '\x31', std::string(216, 'u')), ""},
      {v2('\x21', '\0', ""), ""},
  };
  for (const auto& [text, client] : cases) {
    for (const std::size_t step : {1U, 5U, 4096U}) {
      const Received received = receive(text + "GET / HTTP/1.1\r\n", step);
      EXPECT_EQ(received.header.state, State::complete) << text;
      EXPECT_EQ(received.header.client.value_or(""), client) << text;
      EXPECT_FALSE(received.header.is_own);
      EXPECT_EQ(received.used, text.size()) << "what is behind it stays in the socket: " << text;
    }
  }
}

TEST(ProxyHeaderText, of_the_proxy_itself_names_nobody) {
  for (const std::string& text : {v2('\x20', '\0', ""), v2('\x20', '\x11', four)}) {
    const Received received = receive(text);
    EXPECT_EQ(received.header.state, State::complete);
    EXPECT_TRUE(received.header.is_own);
    EXPECT_FALSE(received.header.client);
    EXPECT_EQ(received.used, text.size());
  }
}

TEST(ProxyHeaderText, is_refused_when_it_is_another_or_none) {
  const std::vector<std::string> cases{"GET / HTTP/1.1\r\n",
                                       "\x16\x03\x01\x02",
                                       "proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXYTCP4 1.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXY  TCP4 1.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 1\r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 1 1\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 -1 1\r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4 65536 1\r\n",
                                       "PROXY TCP4 1.2.3.4 1.2.3.4  1\r\n",
                                       "PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXY TCP4 2001:db8::7 ::1 1 1\r\n",
                                       "PROXY TCP6 1.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n",
                                       "PROXY UNKNOWNX" + std::string(5, 'x') + "\r\n",
                                       "PROXY UNKNOWN " + std::string(107, 'x'),
                                       std::string{"\r\n\r\n\0\r\nQUIT ", 12},
                                       std::string{"\r\n\r\n\r\n", 6},
                                       v2('\x11', '\x11', four),
                                       v2('\x22', '\x11', four),
                                       v2('\x21', '\x12', four),
                                       v2('\x21', '\x22', six),
                                       v2('\x21', '\x41', four),
                                       v2('\x21', '\x11', four.substr(1)),
                                       v2('\x21', '\x21', four),
                                       v2('\x21', '\x11', four + std::string(max_proxy_header, 'x'))};
  for (const std::string& text : cases) {
    EXPECT_EQ(receive(text).header.state, State::malformed) << text;
    EXPECT_EQ(receive(text, 1).header.state, State::malformed) << text;
  }
}

TEST(ProxyHeaderText, is_waited_for_until_it_is_whole) {
  for (const std::string& text :
       {std::string{"PROXY TCP4 203.0.113.7 127.0.0.1 51234 443\r\n"}, v2('\x21', '\x11', four)}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      const ProxyHeader header = parse_proxy_header(text.substr(0, size));
      EXPECT_EQ(header.state, State::incomplete) << size;
      EXPECT_GE(header.needed, 1U);
      EXPECT_LE(size + header.needed, text.size());
    }
  }
}

RC_GTEST_PROP(ProxyHeaderProperty, whatever_comes_it_is_read_within_its_limit,
              (const std::string& noise, bool is_second)) {
  const std::string text = (is_second ? std::string{"\r\n\r\n\0\r\nQUIT\n", 12} : std::string{"PROXY "}) + noise;
  const Received received = receive(text);
  RC_ASSERT(received.used <= max_proxy_header);
  RC_ASSERT(received.header.state != State::incomplete || received.used == text.size());
}

}  // namespace
}  // namespace cardea::edge
