#include "tests/wire/http2_client.hpp"

#include <nghttp2/nghttp2.h>

#include "base/text.hpp"

namespace cardea::wire_tests {

namespace h2 = testing_support::http2;

Http2Client::Http2Client(std::uint16_t port, const std::string& trusted_file, std::string_view settings)
    : TlsClient(port, {.trusted_file = trusted_file, .protocol = "h2"}) {
  nghttp2_hd_inflate_new(&inflater_);
  send(std::string{h2::preface} + h2::frame(h2::settings, 0, 0, settings));
}

Http2Client::~Http2Client() { nghttp2_hd_inflate_del(inflater_); }

std::optional<h2::Frame> Http2Client::next() {
  for (;;) {
    if (auto frame = h2::take_frame(input_)) {
      use(*frame);
      return frame;
    }
    char some[16 * 1024];
    const long size = read_some(some, sizeof some);
    if (size <= 0) return std::nullopt;
    input_.append(some, static_cast<std::size_t>(size));
  }
}

void Http2Client::use(const h2::Frame& frame) {
  Http2Answer& answer = answers_[frame.stream];
  const auto size = static_cast<std::uint32_t>(frame.payload.size());
  switch (frame.type) {
    case h2::settings:
      if ((frame.flags & h2::ack) == 0) send(h2::frame(h2::settings, h2::ack, 0));
      return;
    case h2::headers: use_headers(frame); return;
    case h2::data:
      answer.body += frame.payload;
      answer.is_complete = (frame.flags & h2::end_stream) != 0;
      if (gives_window_ && size > 0) send(h2::window(0, size) + h2::window(frame.stream, size));
      return;
    case h2::rst_stream: answer.reset = h2::number_at(frame.payload, 0); return;
    case h2::goaway: go_away_ = {h2::number_at(frame.payload, 0), h2::number_at(frame.payload, 4)}; return;
    default: return;
  }
}

void Http2Client::use_headers(const h2::Frame& frame) {
  Http2Answer& answer = answers_[frame.stream];
  const auto* at = reinterpret_cast<const std::uint8_t*>(frame.payload.data());
  std::size_t left = frame.payload.size();
  int flags = 0;
  while ((flags & NGHTTP2_HD_INFLATE_FINAL) == 0) {
    nghttp2_nv field;
    const ssize_t used = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, at, left, 1);
    if (used < 0) throw std::runtime_error{"a field block that cannot be read"};
    at += used;
    left -= static_cast<std::size_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
    const std::string name{reinterpret_cast<const char*>(field.name), field.namelen};
    const std::string value{reinterpret_cast<const char*>(field.value), field.valuelen};
    if (name == ":status" && value.starts_with('1')) {
      answer.interim += value;
    } else if (name == ":status") {
      answer.status = static_cast<int>(text::parse_integer(value).value_or(0));
    } else {
      answer.fields[name] = value;
    }
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  answer.is_complete = (frame.flags & h2::end_stream) != 0;
}

std::optional<Http2Answer> Http2Client::answer(std::uint32_t stream) {
  for (;;) {
    const Http2Answer& answer = answers_[stream];
    if (answer.is_complete || answer.reset) return answer;
    if (!next()) return std::nullopt;
  }
}

std::optional<Http2Answer> Http2Client::ask(std::uint32_t stream, std::string_view frames) {
  if (!send(frames)) return std::nullopt;
  return answer(stream);
}

bool Http2Client::reads(std::uint32_t stream, std::size_t size) {
  while (answers_[stream].body.size() < size) {
    if (answers_[stream].is_complete || !next()) return false;
  }
  return true;
}

std::optional<Http2Client::GoAway> Http2Client::go_away() {
  while (!go_away_ && next()) continue;
  return go_away_;
}

bool Http2Client::ends() {
  while (next()) continue;
  return input_.empty();
}

}  // namespace cardea::wire_tests
