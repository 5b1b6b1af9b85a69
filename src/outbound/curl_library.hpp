#pragma once
// libcurl, loaded when something is first sent: it brings thirty more libraries, Kerberos and LDAP among them, which a
// server that sends nothing has no use for. Internal to outbound.

#include <curl/curl.h>

namespace cardea::outbound {

struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

/// The library, ready for any thread. Throws std::runtime_error when it cannot be loaded.
[[nodiscard]] const CurlLibrary& curl();

}  // namespace cardea::outbound
