#include "outbound/mail_domain.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <unordered_map>

namespace cardea::outbound {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes told_for{10};
constexpr std::chrono::seconds untold_for{30};
constexpr std::size_t most_remembered = 4096;
constexpr std::uint16_t dns_port = 53;
constexpr std::size_t largest_reply = 65'535;

/// "192.0.2.53:5353" as a socket address; absent for what is none.
std::optional<sockaddr_in> parse(const std::string& address) {
  const auto colon = address.find(':');
  const std::string host = address.substr(0, colon);
  sockaddr_in parsed{};
  parsed.sin_family = AF_INET;
  if (::inet_pton(AF_INET, host.c_str(), &parsed.sin_addr) != 1) return std::nullopt;
  std::uint16_t port = dns_port;
  if (colon != std::string::npos) {
    const char* first = address.data() + colon + 1;
    const char* last = address.data() + address.size();
    const auto read = std::from_chars(first, last, port);
    if (read.ec != std::errc{} || read.ptr != last || port == 0) return std::nullopt;
  }
  parsed.sin_port = htons(port);
  return parsed;
}

/// glibc's resolver, set up for one caller.
class Resolver {
 public:
  explicit Resolver(const NameServer& server) {
    if (::res_ninit(&state_) != 0) throw std::runtime_error("the resolver cannot be set up");
    state_.retrans = static_cast<int>(server.timeout.count());
    state_.retry = 1;
    state_.options &= ~static_cast<unsigned long>(RES_DNSRCH | RES_DEFNAMES);
    if (const auto own = parse(server.address)) {
      state_.nscount = 1;
      state_.nsaddr_list[0] = *own;
    }
    if (state_.nscount > 1) state_.nscount = 1;  // so that it takes no longer than is said
  }
  ~Resolver() { ::res_nclose(&state_); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  enum class Found { some, none, no_such_name, unknown };
  /// Asks for records of this type; `reply` holds them when there are some.
  Found ask(const std::string& domain, ns_type type, ns_msg& reply) {
    const int size =
        ::res_nquery(&state_, domain.c_str(), ns_c_in, type, buffer_.data(), static_cast<int>(buffer_.size()));
    if (size > 0) {
      if (::ns_initparse(buffer_.data(), size, &reply) != 0) return Found::unknown;
      return ns_msg_count(reply, ns_s_an) > 0 ? Found::some : Found::none;
    }
    switch (state_.res_h_errno) {
      case HOST_NOT_FOUND: return Found::no_such_name;
      case NO_DATA: return Found::none;
      default: return Found::unknown;
    }
  }

 private:
  struct __res_state state_{};
  std::array<unsigned char, largest_reply> buffer_{};
};

/// Whether a reply names somebody who takes mail: a single "." is the null MX.
TakesMail judge_mx(ns_msg& reply) {
  bool has_mx = false;
  for (int i = 0; i < ns_msg_count(reply, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&reply, ns_s_an, i, &record) != 0) return TakesMail::unknown;
    if (ns_rr_type(record) != ns_t_mx || ns_rr_rdlen(record) < 3) continue;
    has_mx = true;
    if (ns_rr_rdata(record)[2] != 0) return TakesMail::yes;  // behind two bytes of preference; the root is one zero
  }
  // Aliases that lead to nothing are no MX either.
  return has_mx ? TakesMail::no : TakesMail::unknown;
}

TakesMail ask_dns(const NameServer& server, const std::string& domain) {
  Resolver resolver{server};
  ns_msg reply{};
  switch (resolver.ask(domain, ns_t_mx, reply)) {
    case Resolver::Found::some: return judge_mx(reply);
    case Resolver::Found::no_such_name: return TakesMail::no;
    case Resolver::Found::unknown: return TakesMail::unknown;
    case Resolver::Found::none: break;
  }
  for (const ns_type type : {ns_t_a, ns_t_aaaa}) {
    const auto found = resolver.ask(domain, type, reply);
    if (found == Resolver::Found::some) return TakesMail::yes;
    if (found == Resolver::Found::unknown) return TakesMail::unknown;
  }
  return TakesMail::no;
}

}  // namespace

std::string problem_with_name_server(const std::string& address) {
  if (address.empty() || parse(address)) return {};
  return "\"" + address + "\" is no IPv4 address such as \"192.0.2.53\" or \"192.0.2.53:5353\"";
}

class MailDomains::Memory {
 public:
  std::optional<TakesMail> find(const std::string& domain) {
    const std::scoped_lock lock{mutex_};
    const auto at = known_.find(domain);
    if (at == known_.end() || at->second.until <= Clock::now()) return std::nullopt;
    return at->second.answer;
  }
  void keep(const std::string& domain, TakesMail answer) {
    const std::scoped_lock lock{mutex_};
    if (known_.size() >= most_remembered) known_.clear();
    const Clock::duration lasts = answer == TakesMail::unknown ? Clock::duration{untold_for} : told_for;
    known_[domain] = {.answer = answer, .until = Clock::now() + lasts};
  }

 private:
  struct Known {
    TakesMail answer = TakesMail::unknown;
    Clock::time_point until = {};
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;
};

MailDomains::MailDomains(NameServer server, Observer observe)
    : server_(std::move(server)), observe_(std::move(observe)), memory_(std::make_unique<Memory>()) {}
MailDomains::~MailDomains() = default;

TakesMail MailDomains::ask(const std::string& domain) {
  if (const auto known = memory_->find(domain)) return *known;
  const auto answer = ask_dns(server_, domain);
  observe_(answer);
  memory_->keep(domain, answer);
  return answer;
}

}  // namespace cardea::outbound
