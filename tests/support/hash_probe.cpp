#include "tests/support/hash_probe.hpp"

#include <atomic>
#include <mutex>
#include <utility>

namespace cardea::testing_support {
namespace {

// Process-wide, because a C function has nowhere else to look.
struct Probe {
  std::atomic<std::int64_t> computed{0};
  std::mutex mutex;
  std::function<void()> act;
};
Probe& probe() {
  static Probe one;
  return one;
}

}  // namespace

std::int64_t hashes_computed() { return probe().computed.load(); }

DuringNextHash::DuringNextHash(std::function<void()> act) {
  const std::lock_guard lock{probe().mutex};
  probe().act = std::move(act);
}
DuringNextHash::~DuringNextHash() {
  const std::lock_guard lock{probe().mutex};
  probe().act = nullptr;
}

namespace {

void note_one() {
  probe().computed.fetch_add(1);
  std::function<void()> act;
  {
    const std::lock_guard lock{probe().mutex};
    act = std::exchange(probe().act, nullptr);
  }
  if (act) act();
}

}  // namespace
}  // namespace cardea::testing_support

// The linker leads the program's calls of crypto_pwhash to __wrap_crypto_pwhash, and __real_crypto_pwhash is
// libsodium's.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" {
int __real_crypto_pwhash(unsigned char* out, unsigned long long size, const char* password,
                         unsigned long long password_size, const unsigned char* salt, unsigned long long passes,
                         std::size_t memory, int algorithm);

int __wrap_crypto_pwhash(unsigned char* out, unsigned long long size, const char* password,
                         unsigned long long password_size, const unsigned char* salt, unsigned long long passes,
                         std::size_t memory, int algorithm) {
  const int result = __real_crypto_pwhash(out, size, password, password_size, salt, passes, memory, algorithm);
  cardea::testing_support::note_one();
  return result;
}
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
