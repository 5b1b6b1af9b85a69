#pragma once
// Memory for nghttp2 that is wiped before it goes: what passes through it are cookies, tokens and passwords.

#include <nghttp2/nghttp2.h>

namespace cardea::edge {

/// For nghttp2_session_server_new3; outlives every session.
[[nodiscard]] nghttp2_mem& wiping_memory();

}  // namespace cardea::edge
