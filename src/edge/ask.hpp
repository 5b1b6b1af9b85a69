#pragma once
// One GET of a server by its URL, as a client far away would make it. For `cardea doctor`.
//
// Never: follows redirects, keeps connections, or goes on when a certificate is not good.

#include <optional>
#include <string>
#include <string_view>

#include "base/enum_text.hpp"
#include "base/time.hpp"
#include "edge/certificate.hpp"
#include "http/message.hpp"

namespace cardea::edge {

struct Question {
  std::string origin;  // "https://auth.example.com:8443": scheme, host and perhaps port
  std::string path = "/";
  http::Headers headers = {};  // besides Host, User-Agent and Connection
  std::string connect_to = {};  // "127.0.0.1:8025" instead of what the origin's host is looked up as
  std::string preamble = {};  // sent before everything else: a PROXY header
  bool checks_certificate = true;  // by this machine's authorities, for the origin's host
  Duration patience = std::chrono::seconds{5};  // for all of it
};

/// How far it came.
enum class Stage { look_up, connect, handshake, answer, done };
constexpr auto enum_texts(Stage) {
  return std::to_array<EnumText<Stage>>({{Stage::look_up, "look_up"},
                                         {Stage::connect, "connect"},
                                         {Stage::handshake, "handshake"},
                                         {Stage::answer, "answer"},
                                         {Stage::done, "done"}});
}

struct Answer {
  Stage stage = Stage::look_up;  // done: there is an answer
  std::string problem = {};  // why it came no further: "connection refused"
  int status = 0;
  http::Headers headers = {};
  std::string body = {};  // up to 64 KiB; an answer that is longer is a problem
  std::string own_address = {};  // this end's, once connected
  std::optional<CertificateFacts> certificate = {};  // also where it is not good
};

/// Blocks, for `patience` at most; looking up a name may take longer.
[[nodiscard]] Answer ask(const Question& question);

}  // namespace cardea::edge
