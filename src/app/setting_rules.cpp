#include "app/setting_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "authn/token_profile.hpp"
#include "base/text.hpp"
#include "http/address.hpp"
#include "http/origin.hpp"
#include "http/peers.hpp"
#include "http/site.hpp"
#include "page/language.hpp"
#include "password/secret_strength.hpp"

namespace cardea::app {
namespace {

constexpr std::size_t longest_host = 253;  // RFC 1035 §2.3.4, as text
constexpr std::size_t longest_label = 63;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string problem_with_characters(std::string_view text) {
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) return "it holds a control character, perhaps a line break at its end";
    if (octet >= 0x80) return "write the host as it is in the DNS, in ASCII (\"xn--…\")";
    if (c == ' ' || c == '\\') return "it holds a space or backslash";
  }
  return {};
}

std::string problem_with_label(std::string_view label) {
  if (label.empty()) return "the host has a dot too many; write it without a dot at either end";
  if (label.size() > longest_label) return "a part of the host has more than 63 characters";
  if (label.front() == '-' || label.back() == '-') return "a part of the host begins or ends with a hyphen";
  const bool is_plain = std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  return is_plain ? "" : "a host consists of letters, digits, hyphens and dots, without escapes or wildcards";
}

std::string problem_with_host(std::string_view host) {
  if (host.empty()) return "there is no host in it";
  if (host.front() == '[' || host.back() == ']') {
    const auto address = host.size() > 2 && host.front() == '[' && host.back() == ']'
                             ? http::parse_address(host.substr(1, host.size() - 2))
                             : std::nullopt;
    return address && host.find(':') != std::string_view::npos ? "" : "what is in brackets is no IPv6 address";
  }
  if (host.size() > longest_host) return "the host has more than 253 characters";
  const auto labels = text::split(host, '.');
  for (const auto label : labels) {
    if (auto problem = problem_with_label(label); !problem.empty()) return problem;
  }
  // A name never ends in a number, so browsers read this as an IPv4 address (WHATWG URL, "ends in a number").
  if (is_digits(labels.back()) && !http::parse_address(host)) return "the host is no IPv4 address";
  return {};
}

std::string problem_with_port(std::string_view port) {
  const auto number = is_digits(port) ? text::parse_integer(port) : std::nullopt;
  if (!number || *number < 1 || *number > 65'535) return "the port is a number from 1 to 65535";
  return port.front() == '0' ? "the port has no zeros before it" : "";
}

std::string prefixed(std::string_view key, std::string problem) {
  return problem.empty() ? std::move(problem) : std::string{key} + ": " + std::move(problem);
}

std::string problem_with_url(const std::string& url) {
  if (url.empty()) return {};
  auto problem = problem_with_origin(url);
  if (!problem.empty()) problem += "; it looks like \"https://auth.example.com\"";
  return prefixed("url", std::move(problem));
}

std::string problem_with_cross_site(const Settings& settings) {
  using authn::SameSiteChoice;
  const auto choice = settings.cookie.same_site;
  if (choice == SameSiteChoice::none && settings.cors_origins.empty()) {
    return "cookie.same_site: \"none\" is for a front end on another site; name it in cors.origins too";
  }
  if (choice == SameSiteChoice::automatic || choice == SameSiteChoice::none || settings.url.empty()) return {};
  for (const auto& origin : settings.cors_origins) {
    // What only may be another site is the operator's to know.
    if (http::site_of(settings.url, origin) != http::Site::other) continue;
    return fmt::format(
        "cors.origins: {} is on another site than {} and gets no cookie that is {}; leave out "
        "cookie.same_site",
        origin, settings.url, enum_text(choice));
  }
  return {};
}

bool is_postgres(std::string_view url) { return url.starts_with("postgres://") || url.starts_with("postgresql://"); }

std::string problem_with_sqlite(std::string_view path) {
  namespace fs = std::filesystem;
  if (path.empty()) return "there is no path behind \"sqlite:\"; write \"sqlite:./data/cardea.db\"";
  if (path.find('\0') != std::string_view::npos) return "a path has no NUL";
  if (path == ":memory:" || path.starts_with("file:")) return "write the path of a file behind \"sqlite:\"";
  if (path.starts_with("//") && !path.starts_with("///")) {
    return "write a relative path right behind \"sqlite:\", and an absolute one with one slash or three";
  }
  std::error_code ignored;
  const fs::path name = fs::path{path}.filename();
  if (name.empty() || name == "." || name == ".." || fs::is_directory(path, ignored)) {
    return "it is a folder; name a file in it, such as \"sqlite:./data/cardea.db\"";
  }
  return {};
}

std::string problem_with_network(const std::string& text) {
  if (text == http::unix_peer) return {};
  const auto network = http::parse_network(text);
  if (!network) return "\"" + text + "\" is no network; write \"10.0.0.0/8\", \"::1/128\" or \"unix:\"";
  if (network->bits > (network->base.is_v4 ? 96U : 0U)) return {};
  return "\"" + text + "\" is everybody, so anybody could write X-Forwarded-For; name the proxies";
}

std::string problem_with_proxies(const std::vector<std::string>& networks) {
  for (const auto& text : networks) {
    if (auto problem = problem_with_network(text); !problem.empty()) {
      return prefixed("server.trusted_proxies", std::move(problem));
    }
  }
  return {};
}

std::string problem_with_origins(const std::vector<std::string>& origins) {
  for (const auto& text : origins) {
    const auto problem = problem_with_origin(text);
    if (problem.empty()) continue;
    std::string what = "\"" + text;
    what.append("\" is no origin: ").append(problem);
    return prefixed("cors.origins", std::move(what));
  }
  return {};
}

/// A token for an audience is one that this server refuses, so none may be its own.
std::string problem_with_audiences(const Settings& settings) {
  for (const auto& name : settings.token.audiences) {
    if (settings.url.empty() || !name.starts_with(settings.url)) continue;
    const auto rest = std::string_view{name}.substr(settings.url.size());
    if (rest.empty() || rest.front() == '/' || rest.front() == '?') {
      return "token.audiences: \"" + name + "\" is this server itself, whose tokens need no name";
    }
  }
  return {};
}

std::string problem_with_home_url(const Settings& settings) {
  const std::string_view url = settings.branding.home_url;
  const auto origin = http::origin_of_url(url);
  if (origin.empty() || origin != http::origin_of_url(settings.url)) return {};
  const auto rest = url.substr(std::min(url.find_first_of("/?#", url.find("://") + 3), url.size()));
  const auto path = rest.substr(0, rest.find_first_of("?#"));
  const bool is_start_page = path.empty() || path == "/";
  return is_start_page ? "branding.home_url: this is the start page itself; name another page, or leave it out" : "";
}

std::string problem_with_metrics_listen(const Settings& settings) {
  const std::string& listen = settings.metrics_listen;
  if (listen.empty()) return {};
  if (auto problem = edge::problem_with_listen(listen); !problem.empty()) {
    return prefixed("metrics.listen", std::move(problem));
  }
  for (const auto& other : {settings.server.listen, settings.server.redirect_listen}) {
    if (edge::is_same_listen(listen, other)) {
      return "metrics.listen: the server listens on \"" + other + "\" itself; choose another port";
    }
  }
  return {};
}

std::string problem_with_password(std::string_view key, std::string_view url) {
  const auto query = url.substr(std::min(url.size(), url.find('?')));
  // libpq reads "password", and "sslpassword" for the key of a client's certificate.
  const bool has_password = !url.starts_with("sqlite:") && (user_info(url).find(':') != std::string_view::npos ||
                                                            query.find("password=") != std::string_view::npos);
  return has_password ? fmt::format("{0}: put an address with a password into a file and name it in {0}_file", key)
                      : "";
}

std::string problem_with_direct(const Settings& settings) {
  const auto url = database_pooler(settings).direct_url;
  const bool is_in_file = !settings.database_direct_url.empty();
  const std::string_view key = is_in_file ? "database_direct_file" : "database_direct";
  if (settings.has_database_pooler && database_url(settings).starts_with("sqlite:")) {
    return "database_pooler: SQLite has no pooler before it; leave it out";
  }
  if (url.empty()) return {};
  if (!settings.has_database_pooler) return fmt::format("{}: only with database_pooler = true", key);
  if (!is_postgres(url)) return fmt::format("{}: it begins with \"postgres://\"", key);
  return is_in_file ? "" : problem_with_password(key, url);
}

std::string problem_with_secret(std::string_view key, const Secret& secret, double least_bits) {
  if (secret.empty() || !password::is_guessable(secret.reveal(), least_bits)) return {};
  return prefixed(key,
                  "it can be guessed: it is short, repeats itself, or is made of words or a known example; "
                  "make another with `cardea secret generate`");
}

}  // namespace

std::string problem_with_origin(std::string_view text) {
  if (auto problem = problem_with_characters(text); !problem.empty()) return problem;
  const std::string lower = text::lower(text);
  const auto slashes = lower.find("://");
  const auto scheme = lower.substr(0, slashes);
  if (slashes == std::string::npos || (scheme != "https" && scheme != "http")) {
    return "it begins with https:// or http://";
  }
  const std::string_view authority = std::string_view{lower}.substr(slashes + 3);
  if (authority.find_first_of("/?#") != std::string_view::npos) {
    return "write scheme, host and perhaps a port, without a path, query or slash at the end";
  }
  if (authority.find('@') != std::string_view::npos) return "leave out the user before the \"@\"";
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (auto problem = problem_with_host(authority.substr(0, colon)); !problem.empty()) return problem;
  if (colon != std::string_view::npos) {
    if (auto problem = problem_with_port(authority.substr(colon + 1)); !problem.empty()) return problem;
  }
  // What compares origins has the last word.
  return http::canonical_origin(text) ? "" : "it is no origin";
}

std::string_view user_info(std::string_view url) {
  const auto start = url.find("://");
  if (start == std::string_view::npos) return {};
  const auto authority = url.substr(start + 3, url.find('/', start + 3) - start - 3);
  return authority.substr(0, authority.rfind('@') + 1);  // npos + 1 is 0
}

std::string problem_with_database(std::string_view url) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url.starts_with(sqlite)) return problem_with_sqlite(url.substr(sqlite.size()));
  if (is_postgres(url)) return {};
  return "it begins with \"sqlite:\" or \"postgres://\"; other databases are not supported";
}

std::string problem_with_languages(const std::vector<std::string>& tags) {
  if (tags.empty()) return "pages.languages: name one language at least, such as \"en\"";
  for (const auto& tag : tags) {
    if (page::find_language(tag) != nullptr) continue;
    std::string known;
    for (const auto& each : page::all_tags()) known.append(known.empty() ? "" : ", ").append(each);
    return "pages.languages: there are no texts in \"" + tag + "\"; the languages are " + known;
  }
  return {};
}

void add_rules(config::Section& root, const Settings& settings) {
  root.check([&settings] { return problem_with_url(settings.url); });
  root.check([&settings] { return prefixed("database", problem_with_database(settings.database)); });
  root.check([&settings] { return problem_with_password("database", settings.database); });
  root.check([&settings]() -> std::string {
    if (settings.database_url.empty()) return {};
    return prefixed("database_file", problem_with_database(settings.database_url.reveal()));
  });
  root.check([&settings] { return problem_with_direct(settings); });
  root.check([&settings] { return problem_with_proxies(settings.trusted_proxies); });
  root.check([&settings] {
    const bool is_for_nobody = settings.server.proxy_protocol && settings.trusted_proxies.empty();
    return is_for_nobody ? "server.proxy_protocol: name the proxies in server.trusted_proxies" : "";
  });
  root.check([&settings] { return problem_with_origins(settings.cors_origins); });
  root.check([&settings] { return problem_with_cross_site(settings); });
  root.check([&settings] { return problem_with_audiences(settings); });
  root.check([&settings] { return problem_with_languages(settings.languages); });
  root.check(
      [&settings] { return prefixed("token.claims", authn::problem_with_claims(settings.token, settings.identity)); });
  root.check([&settings] { return problem_with_metrics_listen(settings); });
  root.check([&settings] { return problem_with_home_url(settings); });
  root.check([&settings] { return problem_with_secret("secret_file", settings.secret, 72); });
  // Tried over the network only, one request at a time.
  root.check([&settings] { return problem_with_secret("metrics.token_file", settings.metrics_token, 48); });
}

}  // namespace cardea::app
