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

/// Memory of one thread, given back when the thread ends.
class Kept {
 public:
  Kept() = default;
  ~Kept() { release(); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  /// At least `size` bytes, or null. What was in them before is still there: Argon2 writes a block before it reads it.
  void* lend(std::size_t size) noexcept {
    if (size > size_) grow(size);
    is_lent_ = size <= size_;
    return is_lent_ ? usable_ : nullptr;
  }

  [[nodiscard]] bool is_lent() const noexcept { return is_lent_; }
  bool take_back(const void* address) noexcept {
    if (!is_lent_ || address != usable_) return false;
    is_lent_ = false;
    return true;
  }

  void release() noexcept {
    if (mapped_ != nullptr && !is_lent_) {
      (void)__real_munmap(mapped_, mapped_size_);
      mapped_ = usable_ = nullptr;
      mapped_size_ = size_ = 0;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  void grow(std::size_t size) noexcept {
    release();
    const std::size_t mapped_size = round_up(size) + huge_page;  // so that an aligned part fits
    void* mapped = __real_mmap(nullptr, mapped_size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (mapped == MAP_FAILED) return;
    // Argon2 jumps about its memory: large pages spare most of the address translation. Where there are none, the
    // kernel says so and small ones do. It is kept out of core dumps because a password's hash can be tried with it.
    (void)madvise(mapped, mapped_size, MADV_HUGEPAGE);
    (void)madvise(mapped, mapped_size, MADV_DONTDUMP);
    mapped_ = mapped;
    mapped_size_ = mapped_size;
    const auto begin = reinterpret_cast<std::uintptr_t>(mapped);
    usable_ = static_cast<std::byte*>(mapped) + (round_up(begin) - begin);
    size_ = round_up(size);
  }

  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  void* usable_ = nullptr;  // the first huge page boundary in it
  std::size_t size_ = 0;
  bool is_lent_ = false;
};

thread_local Kept kept;
thread_local bool is_hashing = false;

}  // namespace

KeptMemory::KeptMemory() noexcept { is_hashing = true; }
KeptMemory::~KeptMemory() { is_hashing = false; }

std::size_t argon2_memory_kept() noexcept { return kept.size(); }
void release_argon2_memory() noexcept { kept.release(); }

}  // namespace cardea::crypto

// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
void* __wrap_mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
  using namespace cardea::crypto;
  if (is_hashing && !kept.is_lent() && (flags & MAP_ANONYMOUS) != 0) {
    if (void* lent = kept.lend(size)) return lent;
  }
  return __real_mmap(address, size, protection, flags, file, offset);
}

// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
int __wrap_munmap(void* address, std::size_t size) {
  using namespace cardea::crypto;
  return is_hashing && kept.take_back(address) ? 0 : __real_munmap(address, size);
}
