#include "totp/one_time_password.hpp"

#include <array>

#include "crypto/hash.hpp"
#include "crypto/hmac_sha1.hpp"

namespace cardea::totp {
namespace {

constexpr std::int64_t steps_back = 1;
constexpr std::int64_t steps_known_as_late = 10;

bool is_code(const Secret& secret, std::int64_t step, std::string_view code) {
  return crypto::constant_time_equal(as_bytes(code_of(secret.reveal_bytes(), step)), as_bytes(code));
}

}  // namespace

std::string code_of(BytesView secret, std::int64_t counter) {
  std::array<std::uint8_t, 8> message{};
  auto rest = static_cast<std::uint64_t>(counter);
  for (auto at = message.rbegin(); at != message.rend(); ++at, rest >>= 8U) *at = static_cast<std::uint8_t>(rest);
  const auto mac = crypto::hmac_sha1(secret, message);
  const std::size_t offset = mac.back() & 15U;
  std::uint32_t number = mac.at(offset) & 127U;
  for (std::size_t i = 1; i < 4; ++i) number = number << 8U | mac.at(offset + i);
  std::string code(digits, '0');
  for (auto at = code.rbegin(); at != code.rend(); ++at, number /= 10) *at = static_cast<char>('0' + number % 10);
  return code;
}

std::int64_t step_of(Time now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / step_length;
}

std::optional<std::string> read_code(std::string_view typed) {
  constexpr std::size_t longest = 64;
  std::string code;
  if (typed.size() > longest) return std::nullopt;
  for (const char c : typed) {
    if (c == ' ') continue;
    if (c < '0' || c > '9' || code.size() == digits) return std::nullopt;
    code += c;
  }
  if (code.size() != digits) return std::nullopt;
  return code;
}

std::int64_t bounded_step(std::int64_t last_step, Time now) {
  return last_step > step_of(now) + farthest_step ? 0 : last_step;
}

Verdict judge(const Secret& secret, std::string_view typed, std::int64_t last_step, Time now) {
  const auto code = read_code(typed);
  if (!code) return {};
  const std::int64_t newest = step_of(now);
  const std::int64_t used = bounded_step(last_step, now);
  Verdict verdict;
  for (std::int64_t step = newest - steps_known_as_late; step <= newest; ++step) {
    if (!is_code(secret, step, *code)) continue;
    const bool is_good = step >= newest - steps_back && step > used;
    if (is_good) verdict.step = step;
    verdict.is_late = !is_good && !verdict.step;
  }
  return verdict;
}

}  // namespace cardea::totp
