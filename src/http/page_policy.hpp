#pragma once
// The Content-Security-Policy of pages whose form leads elsewhere.

#include <string>
#include <string_view>

namespace cardea::http {

/// The policy of pages (security_headers.hpp), and that a form may be answered with a redirect to `origin`: browsers
/// stop one to any other. `origin` comes from the settings, never from a request.
[[nodiscard]] std::string page_policy_leading_to(std::string_view origin);

}  // namespace cardea::http
