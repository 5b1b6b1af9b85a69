#include "encoding/unicode.hpp"
#include "password/guess.hpp"
#include "password/password.hpp"
#include "password/personal.hpp"

namespace cardea::password {
namespace {

// Four million guesses (2^22): one or two of the most usual words with what people put behind them. Three words at
// random, even from a short list and without spaces between them, take more.
constexpr double least_bits = 22.0;

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.integer("min_length", settings.min_length,
                  "Fewest characters of a new password. 15 when it is the only factor.", {.min = 8, .max = 64});
  section.integer("max_length", settings.max_length, "Most characters of a password.", {.min = 64, .max = 256});
  section.integer("memory_kib", settings.cost.memory_kib, "Memory of one Argon2id hash, in KiB.",
                  {.min = 8, .max = 1024 * 1024});
  section.integer("passes", settings.cost.passes, "Passes of one Argon2id hash over its memory.",
                  {.min = 1, .max = 16});
  section.choice(
      "breached", settings.breached,
      "Whether passwords that have appeared in a data leak are refused when they are chosen, and told of when "
      "somebody signs in with one. \"auto\": as soon as there is a list.");
  section.text("breached_file", settings.breached_file,
               "The list of leaked passwords, made by `cardea password-list import`, which must be there then. Empty: "
               "breached_passwords.filter beside a SQLite database, if it is there.");
  auto& service = settings.breached_service;
  section.text(
      "breached_service", service.url,
      "Without a list: a service that is asked when a password is chosen, and told the first five digits of its "
      "SHA-1 value: \"https://api.pwnedpasswords.com/range/\". When it does not answer, the password is taken. "
      "Empty: none.");
  section.flag("breached_service_private", service.allow_private,
               "That service is on this machine or in a private network, and may be asked by plain http.");
  section.check([&service] {
    const auto problem = breached::problem_with_service(service);
    return problem.empty() ? problem : "password.breached_service " + problem;
  });
}

std::optional<FieldError> check_new(const Settings& settings, const breached::Passwords* leaked,
                                    std::string_view password, const Owner& owner, std::string_view field) {
  const std::string name{field};
  if (password.empty()) return FieldError{name, "password_missing", "Choose a password."};
  auto too_long =
      FieldError{name, "password_long", "Use at most " + std::to_string(settings.max_length) + " characters."};
  if (password.size() > max_bytes) return too_long;
  auto clean = unicode::opaque_string(password);
  if (!clean) return FieldError{name, "password_invalid", "Leave out control characters."};
  Secret text{*clean};
  wipe(*clean);
  const auto length = static_cast<std::int64_t>(unicode::length(text.reveal()));
  if (length > settings.max_length) return too_long;
  if (length < settings.min_length) {
    return FieldError{
        name, "password_short",
        "Use at least " + std::to_string(settings.min_length) + " characters. A few unrelated words work well."};
  }
  if (is_personal(text.reveal(), owner)) {
    return FieldError{name, "password_personal", "Choose something other than your name, user id or e-mail address."};
  }
  if (guess_bits(text.reveal(), own_words(owner)) < least_bits) {
    return FieldError{name, "password_common", "This password is easy to guess. Choose a few unrelated words."};
  }
  if (leaked != nullptr && leaked->hold(text.reveal(), breached::Ask::service_too)) {
    return FieldError{name, "password_breached", "This password has appeared in a data leak. Choose another."};
  }
  return std::nullopt;
}

bool has_leaked(const breached::Passwords* leaked, const Secret& password) {
  if (leaked == nullptr || password.size() > max_bytes) return false;
  auto clean = unicode::opaque_string(password.reveal());
  if (!clean) return false;
  const Secret text{*clean};
  wipe(*clean);
  return leaked->hold(text.reveal());
}

}  // namespace cardea::password
