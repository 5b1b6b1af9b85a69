#include "edge/http2_protocol.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <new>

#include "edge/chunked.hpp"
#include "edge/content.hpp"
#include "edge/nghttp2_memory.hpp"

namespace cardea::edge {

/// What nghttp2 calls. Nothing may be thrown through it.
struct Http2Callbacks {
  using Frame = const nghttp2_frame;

  static Http2Protocol& protocol(void* user) { return *static_cast<Http2Protocol*>(user); }

  /// Without memory the connection ends; nghttp2 could not tell that from other failures.
  template <class F>
  static int guard(void* user, const F& work) {
    try {
      return work(protocol(user));
    } catch (const std::bad_alloc&) {
      protocol(user).end(NGHTTP2_INTERNAL_ERROR, "out of memory");
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }

  /// Beyond what an innocent client has at one time a stream is refused, to be tried again (§8.7). Streams that were
  /// cancelled count until their work is done: to cancel costs a client nothing.
  static int on_begin_headers(nghttp2_session* session, Frame* frame, void* user) {
    protocol(user).unpacked_ = 0;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    return guard(user, [&](Http2Protocol& self) {
      const std::int32_t id = frame->hd.stream_id;
      if (self.running_ >= max_streams || self.heads_ >= max_heads) {
        return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
      }
      if (self.arriving_) {  // its head broke off, and it is closed when its reset is sent
        nghttp2_session_set_stream_user_data(session, self.arriving_->id, nullptr);
      }
      self.arriving_ = std::make_unique<Http2Stream>(id);
      return nghttp2_session_set_stream_user_data(session, id, self.arriving_.get());
    });
  }

  static int on_header(nghttp2_session*, Frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    constexpr std::size_t far_too_much = 4 * max_head_size;
    return guard(user, [&](Http2Protocol& self) {
      self.unpacked_ += name_size + value_size;
      if (self.unpacked_ > far_too_much) {
        // A few bytes may mean many kilobytes (HPACK), and all must be unpacked to understand what follows, whether or
        // not anybody wants them.
        self.end(NGHTTP2_ENHANCE_YOUR_CALM, "a field block of many times the size allowed");
        return static_cast<int>(NGHTTP2_ERR_CALLBACK_FAILURE);
      }
      Http2Stream* stream = self.find(frame->hd.stream_id);
      if (stream == nullptr) return 0;
      if (stream == self.arriving_.get()) {
        stream->head.add({reinterpret_cast<const char*>(name), name_size},
                         {reinterpret_cast<const char*>(value), value_size});
      } else {
        stream->trailers += name_size + value_size;
      }
      return 0;
    });
  }

  /// nghttp2 would pass over such a field; a malformed request is refused (§8.1.1).
  static int on_invalid_header(nghttp2_session* session, Frame* frame, const std::uint8_t*, std::size_t,
                               const std::uint8_t*, std::size_t, std::uint8_t, void*) {
    const int failed =
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_PROTOCOL_ERROR);
    return failed != 0 ? NGHTTP2_ERR_CALLBACK_FAILURE : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int on_frame(nghttp2_session*, Frame* frame, void* user) {
    return guard(user, [&](Http2Protocol& self) {
      const bool is_headers = frame->hd.type == NGHTTP2_HEADERS;
      Http2Stream* stream = is_headers || frame->hd.type == NGHTTP2_DATA ? self.find(frame->hd.stream_id) : nullptr;
      if (stream == nullptr) return 0;
      if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->is_whole = true;
      if (stream == self.arriving_.get()) {
        self.started_.emplace_back(self.arriving_.release(), Http2Protocol::Finish{&self});
        ++self.running_;
        self.heads_ += stream->head.size();
      }
      stream->changed();
      return 0;
    });
  }

  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                     std::size_t size, void* user) {
    return guard(user, [&](Http2Protocol& self) {
      Http2Stream* stream = self.find(id);
      if (stream == nullptr) return nghttp2_session_consume(session, id, size);
      stream->keep({reinterpret_cast<const char*>(data), size});
      stream->changed();
      return 0;
    });
  }

  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    Http2Protocol& self = protocol(user);
    Http2Stream* stream = self.find(id);
    if (stream == nullptr) return 0;
    stream->is_closed = true;
    if (stream == self.arriving_.get()) {
      self.arriving_.reset();
    } else {
      stream->changed();
    }
    return 0;
  }

  /// The client pays for a stream that is reset here for what it did: else it would let us do its resets.
  static int on_sent(nghttp2_session*, Frame* frame, void* user) {
    Http2Protocol& self = protocol(user);
    Http2Watch& watch = self.watch_;
    if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR) {
      self.problem_ = "the client broke the protocol";
    }
    if (frame->hd.type == NGHTTP2_RST_STREAM && frame->rst_stream.error_code != NGHTTP2_NO_ERROR) {
      watch.charge(frame->rst_stream.error_code == NGHTTP2_REFUSED_STREAM ? 1 : price_of_reset);
    }
    const bool ends = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (ends && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) watch.served();
    return 0;
  }

  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* out, std::size_t size, std::uint32_t* flags,
                           nghttp2_data_source*, void* user) {
    Http2Protocol& self = protocol(user);
    Http2Stream* stream = self.find(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    if (stream->is_taken) return NGHTTP2_ERR_DEFERRED;
    const std::size_t taken = std::min(size, stream->outgoing.size());
    std::memcpy(out, stream->outgoing.data(), taken);
    stream->outgoing.remove_prefix(taken);
    self.watch_.sent(taken);
    if (stream->outgoing.empty()) {
      if (stream->is_last) *flags |= NGHTTP2_DATA_FLAG_EOF;
      stream->is_taken = true;
      stream->changed();
    }
    return static_cast<ssize_t>(taken);
  }
};

namespace {

struct Free {
  void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
  void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};

/// Throws std::bad_alloc for the one failure that there is.
void check(int code) {
  if (code == NGHTTP2_ERR_NOMEM) throw std::bad_alloc{};
}

template <class T>
std::unique_ptr<T, Free> made(int (*make)(T**)) {
  T* raw = nullptr;
  check(make(&raw));
  return std::unique_ptr<T, Free>{raw};
}

std::unique_ptr<nghttp2_session_callbacks, Free> callbacks() {
  auto all = made(nghttp2_session_callbacks_new);
  nghttp2_session_callbacks_set_on_begin_headers_callback(all.get(), Http2Callbacks::on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(all.get(), Http2Callbacks::on_header);
  nghttp2_session_callbacks_set_on_invalid_header_callback(all.get(), Http2Callbacks::on_invalid_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(all.get(), Http2Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(all.get(), Http2Callbacks::on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(all.get(), Http2Callbacks::on_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(all.get(), Http2Callbacks::on_sent);
  return all;
}

nghttp2_nv field(std::string_view name, std::string_view value, std::uint8_t flags = NGHTTP2_NV_FLAG_NONE) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));  // NOLINT: only read
  };
  return {bytes(name), bytes(value), name.size(), value.size(), flags};
}

std::uint8_t indexing_of(std::string_view name) {
  // A secret is not for the table of what was said before, and what never repeats would push out what does.
  return name == "Set-Cookie" || name == "Request-Id" ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
}

/// GOAWAY (§6.8), for a session that can no longer make one.
std::string go_away_frame(std::int32_t last, std::uint32_t code) {
  std::string frame{"\0\0\x08\x07\0\0\0\0\0", 9};
  for (const std::uint32_t word : {static_cast<std::uint32_t>(last), code}) {
    for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(word >> shift & 0xff);
  }
  return frame;
}

constexpr std::string_view flood = "too many frames that are part of no request";

}  // namespace

Http2Protocol::Http2Protocol(Http2Watch::Instant now) : watch_(now) {
  const auto option = made(nghttp2_option_new);
  nghttp2_option_set_no_auto_window_update(option.get(), 1);
  nghttp2_option_set_no_closed_streams(option.get(), 1);
  check(nghttp2_session_server_new3(&session_, callbacks().get(), this, option.get(), &wiping_memory()));
  const std::array<nghttp2_settings_entry, 3> settings{{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, max_streams},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, max_head_size},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  check(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
}

Http2Protocol::~Http2Protocol() {
  started_.clear();  // they are forgotten while there is a session
  nghttp2_session_del(session_);
}

Http2Stream* Http2Protocol::find(std::int32_t id) const {
  return static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session_, id));
}

void Http2Protocol::end(std::uint32_t code, std::string_view problem) {
  if (is_over_) return;
  is_over_ = true;
  problem_ = problem;
  last_frame_ = go_away_frame(nghttp2_session_get_last_proc_stream_id(session_), code);
}

bool Http2Protocol::receive(std::string_view bytes, Http2Watch::Instant now) {
  if (is_over_) return false;
  if (!watch_.read(bytes, now)) {
    end(NGHTTP2_ENHANCE_YOUR_CALM, flood);
    return false;
  }
  const ssize_t used =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (used == NGHTTP2_ERR_BAD_CLIENT_MAGIC) {
    end(NGHTTP2_PROTOCOL_ERROR, "no HTTP/2 was spoken");
  } else if (used == NGHTTP2_ERR_NOMEM) {
    end(NGHTTP2_INTERNAL_ERROR, "out of memory");
  } else if (used < 0) {
    end(NGHTTP2_ENHANCE_YOUR_CALM, flood);
  }
  return !is_over_ && nghttp2_session_want_read(session_) != 0;
}

void Http2Protocol::consume(const Http2Stream& stream, std::size_t size) {
  if (stream.is_closed) {
    check(nghttp2_session_consume_connection(session_, size));
  } else {
    check(nghttp2_session_consume(session_, stream.id, size));
  }
}

void Http2Protocol::invite(const Http2Stream& stream) {
  const nghttp2_nv status = field(":status", "100");
  check(nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream.id, nullptr, &status, 1, nullptr));
}

void Http2Protocol::respond(const Http2Stream& stream, const http::Response& response, std::string_view date,
                            Body body) {
  if (stream.is_closed) return;
  std::array<char, 4> status{};
  std::array<char, 24> length{};
  const auto text = [](auto& digits, std::uint64_t number) {
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())};
  };
  std::vector<nghttp2_nv> fields;
  fields.reserve(response.headers.fields().size() + 3);
  fields.push_back(field(":status", text(status, static_cast<std::uint64_t>(response.status))));
  for (const auto& [name, value, is_constant] : response.headers.fields()) {
    if (!is_for_edge(name)) fields.push_back(field(name, value, indexing_of(name)));
  }
  fields.push_back(field("date", date));
  const auto size = response.body.length();
  if (allows_body(response.status) && size) fields.push_back(field("content-length", text(length, *size)));
  const nghttp2_data_provider provider{.source = {.ptr = nullptr}, .read_callback = Http2Callbacks::read_body};
  check(nghttp2_submit_response(session_, stream.id, fields.data(), fields.size(),
                                body == Body::outgoing ? &provider : nullptr));
}

void Http2Protocol::resume(const Http2Stream& stream) {
  if (!stream.is_closed) check(nghttp2_session_resume_data(session_, stream.id));
}

void Http2Protocol::reset(const Http2Stream& stream, Reset why) {
  if (stream.is_closed) return;
  constexpr std::array<std::uint32_t, 3> codes{NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR};
  check(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id, codes[static_cast<std::size_t>(why)]));
}

void Http2Protocol::finish(Http2Stream& stream) {
  if (!stream.is_closed) nghttp2_session_set_stream_user_data(session_, stream.id, nullptr);
  if (!stream.received.empty()) nghttp2_session_consume_connection(session_, stream.received.size());
  heads_ -= stream.head.size();
  --running_;
}

void Http2Protocol::go_away() {
  if (is_over_) return;
  check(nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_),
                              NGHTTP2_NO_ERROR, nullptr, 0));
}

bool Http2Protocol::is_done() const {
  if (is_over_) return is_said_;
  return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
}

std::string_view Http2Protocol::next_frame() {
  if (!is_over_ && watch_.is_exhausted()) end(NGHTTP2_ENHANCE_YOUR_CALM, flood);
  if (!is_over_) {
    const std::uint8_t* frame = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &frame);
    if (size >= 0) return {reinterpret_cast<const char*>(frame), static_cast<std::size_t>(size)};
    end(NGHTTP2_INTERNAL_ERROR, "out of memory");
  }
  return std::exchange(is_said_, true) ? std::string_view{} : last_frame_;
}

}  // namespace cardea::edge
