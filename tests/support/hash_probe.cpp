#include "tests/support/hash_probe.hpp"

#include <dlfcn.h>

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

using Compute = int (*)(unsigned char*, unsigned long long, const char*, unsigned long long, const unsigned char*,
                        unsigned long long, std::size_t, int);

}  // namespace
}  // namespace cardea::testing_support

// Same name and type as in libsodium: the program's own definition is the one that its code is linked with.
extern "C" int crypto_pwhash(unsigned char* out, unsigned long long size, const char* password,
                             unsigned long long password_size, const unsigned char* salt, unsigned long long passes,
                             std::size_t memory, int algorithm) {
  using namespace cardea::testing_support;
  static const auto real = reinterpret_cast<Compute>(::dlsym(RTLD_NEXT, "crypto_pwhash"));
  const int result = real(out, size, password, password_size, salt, passes, memory, algorithm);
  note_one();
  return result;
}
