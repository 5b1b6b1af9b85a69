#include "crypto/argon2_memory.hpp"

#include <sys/mman.h>

#include <cstdint>

// The linker's names: __wrap_x is what a caller of x reaches, __real_x is x. (ld(1), --wrap)
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" {
void* __real_mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset);
int __real_munmap(void* address, std::size_t size);
void* __wrap_mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void* address, std::size_t size);
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)

namespace cardea::crypto {
namespace {

constexpr std::size_t huge_page = std::size_t{2} * 1024 * 1024;

constexpr std::size_t round_up(std::size_t size) { return (size + huge_page - 1) / huge_page * huge_page; }

thread_local Argon2Memory* in_use = nullptr;  // by the hash that this thread computes

}  // namespace

void* Argon2Memory::lend(std::size_t size) noexcept {
  if (is_lent_) return nullptr;
  if (size > size_) grow(size);
  is_lent_ = size <= size_;
  return is_lent_ ? usable_ : nullptr;
}

bool Argon2Memory::take_back(const void* address) noexcept {
  if (!is_lent_ || address != usable_) return false;
  is_lent_ = false;
  return true;
}

void Argon2Memory::release() noexcept {
  if (mapped_ == nullptr || is_lent_) return;
  (void)__real_munmap(mapped_, mapped_size_);
  mapped_ = usable_ = nullptr;
  mapped_size_ = size_ = 0;
}

void Argon2Memory::grow(std::size_t size) noexcept {
  release();
  const std::size_t mapped_size = round_up(size) + huge_page;  // so that an aligned part fits
  void* mapped = __real_mmap(nullptr, mapped_size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (mapped == MAP_FAILED) return;
  mapped_ = mapped;
  mapped_size_ = mapped_size;
  const auto begin = reinterpret_cast<std::uintptr_t>(mapped);
  usable_ = static_cast<std::byte*>(mapped) + (round_up(begin) - begin);
  // Argon2 jumps about its memory: large pages spare most of the address translation. Where there are none, the
  // kernel says so and small ones do. Not for what does not fill one, which would be in memory all the same. It is kept
  // out of core dumps because a password's hash can be tried with it.
  (void)madvise(usable_, size / huge_page * huge_page, MADV_HUGEPAGE);
  (void)madvise(mapped, mapped_size, MADV_DONTDUMP);
  size_ = round_up(size);
}

UseArgon2Memory::UseArgon2Memory(Argon2Memory* memory) noexcept { in_use = memory; }
UseArgon2Memory::~UseArgon2Memory() { in_use = nullptr; }

}  // namespace cardea::crypto

// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
void* __wrap_mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
  using namespace cardea::crypto;
  if (in_use != nullptr && (flags & MAP_ANONYMOUS) != 0) {
    if (void* lent = in_use->lend(size)) return lent;
  }
  return __real_mmap(address, size, protection, flags, file, offset);
}

// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
int __wrap_munmap(void* address, std::size_t size) {
  using namespace cardea::crypto;
  return in_use != nullptr && in_use->take_back(address) ? 0 : __real_munmap(address, size);
}
