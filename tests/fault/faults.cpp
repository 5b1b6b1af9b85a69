#include "tests/fault/faults.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <random>
#include <stdexcept>

namespace cardea::fault {

namespace fs = std::filesystem;

/// As in preload.c, whose programs have the file in their memory.
enum class Faults::Order : long {
  write_error,
  tables_only,
  sync_delay_us,
  clock_offset_s,
  allocation_fails_every,
  allocations,
  thread_error,
};
constexpr std::size_t orders = 7;

Faults::Faults() {
  std::string path = (fs::temp_directory_path() / "cardea-faults-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  folder_ = path;
  fs::permissions(folder_, fs::perms(0755));
  fs::copy_file(CARDEA_FAULTS_PRELOAD, folder_ / "preload.so");
  fs::permissions(folder_ / "preload.so", fs::perms(0755));
  file_ = ::open((folder_ / "orders").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0 || ::fchmod(file_, 0666) != 0 || ::ftruncate(file_, orders * sizeof(long)) != 0) {
    throw std::runtime_error("cannot make the orders in " + path);
  }
  give(Order::allocations, static_cast<long>(std::random_device{}()));
}

Faults::~Faults() {
  ::close(file_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Faults::give(Order order, long value) {
  const auto at = static_cast<off_t>(order) * static_cast<off_t>(sizeof value);
  if (::pwrite(file_, &value, sizeof value, at) != sizeof value) throw std::runtime_error("cannot write an order");
}

Faults::Preload::Preload(const Faults& faults) {
  ::setenv("LD_PRELOAD", (faults.folder_ / "preload.so").c_str(), 1);
  ::setenv("FAULTS", (faults.folder_ / "orders").c_str(), 1);
}
Faults::Preload::~Preload() {
  ::unsetenv("LD_PRELOAD");
  ::unsetenv("FAULTS");
}

void Faults::fail_writes(int error, Files files) {
  give(Order::tables_only, files == Files::tables ? 1 : 0);
  give(Order::write_error, error);
}
void Faults::delay_syncs(std::chrono::microseconds delay) { give(Order::sync_delay_us, delay.count()); }
void Faults::shift_clock(std::chrono::seconds offset) { give(Order::clock_offset_s, offset.count()); }
void Faults::fail_allocations(long every) { give(Order::allocation_fails_every, every); }
void Faults::fail_threads(bool is_on) { give(Order::thread_error, is_on ? EAGAIN : 0); }

}  // namespace cardea::fault
