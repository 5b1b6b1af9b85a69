#include "outbound/curl_library.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace cardea::outbound {
namespace {

void* open_library() {
  void* const library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr) return library;
  throw std::runtime_error("libcurl cannot be loaded; install libcurl4: " + std::string{dlerror()});
}

template <class Function>
Function find(void* library, const char* name) {
  void* const found = dlsym(library, name);
  if (found == nullptr) throw std::runtime_error("libcurl is too old; it lacks " + std::string{name});
  return reinterpret_cast<Function>(found);
}

CurlLibrary load() {
  void* const it = open_library();  // never unloaded: its part of OpenSSL lives as long as the process
  if (find<decltype(&curl_global_init)>(it, "curl_global_init")(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    throw std::runtime_error("libcurl cannot be started");
  }
  return {.easy_init = find<decltype(&curl_easy_init)>(it, "curl_easy_init"),
          .easy_setopt = find<decltype(&curl_easy_setopt)>(it, "curl_easy_setopt"),
          .easy_perform = find<decltype(&curl_easy_perform)>(it, "curl_easy_perform"),
          .easy_getinfo = find<decltype(&curl_easy_getinfo)>(it, "curl_easy_getinfo"),
          .easy_cleanup = find<decltype(&curl_easy_cleanup)>(it, "curl_easy_cleanup"),
          .easy_strerror = find<decltype(&curl_easy_strerror)>(it, "curl_easy_strerror"),
          .slist_append = find<decltype(&curl_slist_append)>(it, "curl_slist_append"),
          .slist_free_all = find<decltype(&curl_slist_free_all)>(it, "curl_slist_free_all")};
}

}  // namespace

const CurlLibrary& curl() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace cardea::outbound
