#include "db/name_lookup.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>

namespace cardea::db::postgres {
namespace {

/// Because the end may be moved meanwhile.
constexpr std::chrono::milliseconds step{100};

bool is_name(const std::string& host) {
  if (host.empty() || host.front() == '/' || host.front() == '@') return false;
  std::array<unsigned char, sizeof(in6_addr)> number{};
  const std::string address = host.substr(0, host.find('%'));
  return ::inet_pton(AF_INET, address.c_str(), number.data()) != 1 &&
         ::inet_pton(AF_INET6, address.c_str(), number.data()) != 1;
}

std::vector<std::string> names_of_list(std::string_view list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    std::string host{list.substr(begin, end - begin)};
    if (is_name(host)) names.push_back(std::move(host));
    begin = end + 1;
  }
  return names;
}

class Progress {
 public:
  void end() {
    {
      const std::lock_guard lock{mutex_};
      is_over_ = true;
    }
    ended_.notify_all();
  }
  [[nodiscard]] bool ends_within(const Wait& wait) {
    std::unique_lock lock{mutex_};
    while (!is_over_) {
      const auto now = std::chrono::steady_clock::now();
      const Deadline end = wait.end();
      if (now >= end) return false;
      ended_.wait_until(lock, std::min<Deadline>(end, now + step));
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
};

void look_up(const std::string& name) {
  addrinfo* found = nullptr;
  const addrinfo hints{.ai_socktype = SOCK_STREAM};
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &found) == 0) ::freeaddrinfo(found);
}

}  // namespace

std::vector<std::string> names_in(const Secret& url) {
  std::string text{url.reveal()};
  PQconninfoOption* const options = PQconninfoParse(text.c_str(), nullptr);
  wipe(text);
  std::vector<std::string> names;
  for (const auto* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val == nullptr || *option->val == '\0') continue;
    if (std::string_view{option->keyword} == "hostaddr") {
      names.clear();
      break;
    }
    if (std::string_view{option->keyword} == "host") names = names_of_list(option->val);
  }
  PQconninfoFree(options);
  return names;
}

bool await_names(std::span<const std::string> names, const Wait& wait, const Lookup& lookup) {
  if (names.empty()) return true;
  const auto progress = std::make_shared<Progress>();
  try {
    std::thread{[progress, lookup, all = std::vector<std::string>(names.begin(), names.end())] {
      for (const std::string& name : all) lookup(name);
      progress->end();
    }}.detach();
  } catch (const std::system_error&) {
    return true;  // without a thread it is libpq's turn
  }
  return progress->ends_within(wait);
}

bool await_names(std::span<const std::string> names, const Wait& wait) { return await_names(names, wait, look_up); }

}  // namespace cardea::db::postgres
