#include "outbound/http.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <stdexcept>

#include "base/text.hpp"
#include "outbound/curl_library.hpp"
#include "outbound/public_address.hpp"

namespace cardea::outbound {
namespace {

constexpr std::size_t most_header_bytes = 65'536;

struct ListFree {
  void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};
struct HandleFree {
  void operator()(CURL* handle) const { curl().easy_cleanup(handle); }
};

/// What has come of an answer, and why it was ended early.
struct Answer {
  std::size_t most = 0;
  std::string body;
  std::size_t header_bytes = 0;
  bool is_too_large = false;

  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& answer = *static_cast<Answer*>(self);
    const std::size_t bytes = size * count;
    if (bytes > answer.most - answer.body.size()) {
      answer.is_too_large = true;
      return 0;  // fewer than there are: libcurl ends the transfer
    }
    answer.body.append(data, bytes);
    return bytes;
  }
  static std::size_t take_header(char*, std::size_t size, std::size_t count, void* self) {
    auto& answer = *static_cast<Answer*>(self);
    answer.header_bytes += size * count;
    if (answer.header_bytes <= most_header_bytes) return size * count;
    answer.is_too_large = true;
    return 0;
  }
};

BytesView bytes_of(const sockaddr& address) {
  // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): how the system hands addresses over
  if (address.sa_family == AF_INET) {
    return {reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr), 4};
  }
  if (address.sa_family == AF_INET6) {
    return {reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr), 16};
  }
  // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
  return {};
}

/// Opens sockets to public addresses alone.
struct Gate {
  Reach reach;
  bool has_refused = false;

  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* to) {
    auto& gate = *static_cast<Gate*>(self);
    if (gate.reach == Reach::public_only && !is_public_address(bytes_of(to->addr))) {
      gate.has_refused = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
  }
};

int is_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode result = curl().easy_setopt(handle, option, value);
  if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc{};
  // None of these may be missing: what libcurl does not know it would do as it likes.
  if (result != CURLE_OK)
    throw std::runtime_error(std::string{"libcurl refuses an option: "} + curl().easy_strerror(result));
}

void set_limits(CURL* handle, const HttpSettings& settings) {
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_PROXY, "");  // what the environment says of proxies is about browsing
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));  // it is but one request
  set(handle, CURLOPT_FORBID_REUSE, 1L);
  set(handle, CURLOPT_HTTP_TRANSFER_DECODING, 1L);
  set(handle, CURLOPT_USERAGENT, "Cardea");
}

using Headers = std::unique_ptr<curl_slist, ListFree>;

void append(Headers& headers, const char* line) {
  auto* const begun = headers.release();
  auto* const longer = curl().slist_append(begun, line);
  headers.reset(longer != nullptr ? longer : begun);
  if (longer == nullptr) throw std::bad_alloc{};
}

Headers headers_of(const HttpRequest& request) {
  Headers headers;
  append(headers, "Expect:");  // nobody waits for "100 Continue"
  for (const auto& line : request.headers) {
    auto text = std::string{line.reveal()};
    append(headers, text.c_str());
    wipe(text);
  }
  return headers;
}

void set_request(CURL* handle, const HttpRequest& request, curl_slist* headers) {
  auto url = std::string{request.url.reveal()};
  set(handle, CURLOPT_URL, url.c_str());
  wipe(url);
  if (request.method != "GET") {
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.reveal().data());
    set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  set(handle, CURLOPT_HTTPHEADER, headers);
}

HttpOutcome outcome_of(CURLcode result, long status, Answer answer, const Gate& gate) {
  if (result == CURLE_OK) {
    return {.kind = HttpOutcome::Kind::answered, .status = static_cast<int>(status), .body = std::move(answer.body)};
  }
  if (answer.is_too_large) {
    return {.kind = HttpOutcome::Kind::too_large,
            .status = static_cast<int>(status),
            .reason = "the answer is larger than " + std::to_string(answer.most) + " bytes"};
  }
  if (gate.has_refused) return {.kind = HttpOutcome::Kind::forbidden, .reason = "its address is not public"};
  // Not libcurl's own buffer, which may name the URL and what is in it.
  return {.status = static_cast<int>(status), .reason = curl().easy_strerror(result)};
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

}  // namespace

std::string problem_with_http_url(std::string_view url) {
  const bool has_scheme = url.starts_with("https://") || url.starts_with("http://");
  if (!has_scheme) return "must begin with https:// or http://";
  if (has_control(url) || url.find_first_of(" \\\"<>^`|") != std::string_view::npos || url.find('#') != url.npos) {
    return "has characters that stand in no URL";
  }
  const auto rest = url.substr(url.find("//") + 2);
  const auto place = rest.substr(0, rest.find_first_of("/?"));
  if (place.find('@') != std::string_view::npos) return "names a user; a password belongs into a header";
  const auto host = host_of_http_url(url);
  if (host.empty() || host == "[]") return "names no host";
  if (place.size() == host.size()) return {};
  const auto port = place[host.size()] == ':' ? text::parse_integer(place.substr(host.size() + 1)) : std::nullopt;
  if (!port || *port < 1 || *port > 65'535) return "has no port from 1 to 65535";
  return {};
}

std::string_view host_of_http_url(std::string_view url) {
  const auto rest = url.substr(url.find("//") + 2);
  const auto place = rest.substr(0, rest.find_first_of("/?"));
  if (place.starts_with('[')) return place.substr(0, place.find(']') == place.npos ? 0 : place.find(']') + 1);
  return place.substr(0, place.find(':'));
}

std::string problem_with_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return "is not NAME: VALUE";
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const auto name = line.substr(0, colon);
  const bool is_token = std::all_of(name.begin(), name.end(), [&](char c) {
    return (text::lower(c) >= 'a' && text::lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
  if (!is_token) return "has a name that no header has";
  if (has_control(line)) return "has control characters";
  for (const char* own : {"host", "content-length", "transfer-encoding", "connection", "expect"}) {
    if (text::equals_ignoring_case(name, own)) return "is set by the connection itself";
  }
  if (text::trim(line.substr(colon + 1)).empty()) return "has no value";
  return {};
}

HttpOutcome send(const HttpSettings& settings, const HttpRequest& request, const std::stop_token& stop) {
  // Both are checked where they are set; this is for what was filled into them since.
  if (auto problem = problem_with_http_url(request.url.reveal()); !problem.empty()) {
    return {.reason = "the URL " + problem};
  }
  for (const auto& line : request.headers) {
    if (auto problem = problem_with_header(line.reveal()); !problem.empty()) return {.reason = "a header " + problem};
  }
  const std::unique_ptr<CURL, HandleFree> handle{curl().easy_init()};
  if (handle == nullptr) throw std::bad_alloc{};
  const auto headers = headers_of(request);
  Answer answer{.most = settings.max_answer};
  Gate gate{.reach = settings.reach};
  set_limits(handle.get(), settings);
  set_request(handle.get(), request, headers.get());
  set(handle.get(), CURLOPT_WRITEFUNCTION, &Answer::take_body);
  set(handle.get(), CURLOPT_WRITEDATA, &answer);
  set(handle.get(), CURLOPT_HEADERFUNCTION, &Answer::take_header);
  set(handle.get(), CURLOPT_HEADERDATA, &answer);
  set(handle.get(), CURLOPT_OPENSOCKETFUNCTION, &Gate::open);
  set(handle.get(), CURLOPT_OPENSOCKETDATA, &gate);
  set(handle.get(), CURLOPT_XFERINFOFUNCTION, &is_to_stop);
  set(handle.get(), CURLOPT_XFERINFODATA, &stop);
  set(handle.get(), CURLOPT_NOPROGRESS, 0L);
  const CURLcode result = curl().easy_perform(handle.get());
  long status = 0;
  curl().easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return outcome_of(result, status, std::move(answer), gate);
}

}  // namespace cardea::outbound
