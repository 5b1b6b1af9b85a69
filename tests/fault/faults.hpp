#pragma once
// Faults of the system that programs are started with: see preload.c.

#include <chrono>
#include <filesystem>

namespace cardea::fault {

class Faults {
 public:
  /// Makes a folder with the library and the orders, which every user may read.
  Faults();
  ~Faults();
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;

  /// While it lives, what this process starts obeys.
  class Preload {
   public:
    explicit Preload(const Faults& faults);
    ~Preload();
    Preload(const Preload&) = delete;
    Preload& operator=(const Preload&) = delete;
  };

  /// PostgreSQL's tables and indexes can fail alone. It does not survive it when its log does.
  enum class Files { all, tables };
  /// Every write to a file, its growth and its synchronisation fail with this errno; 0: no longer.
  void fail_writes(int error, Files files = Files::all);
  /// Every fsync takes so much longer.
  void delay_syncs(std::chrono::microseconds delay);
  /// The time of day is off by so much.
  void shift_clock(std::chrono::seconds offset);
  /// One of so many allocations finds no memory; 0: none.
  void fail_allocations(long every);
  /// No thread can be started.
  void fail_threads(bool is_on);

 private:
  enum class Order : long;
  void give(Order order, long value);

  std::filesystem::path folder_;
  int file_ = -1;
};

}  // namespace cardea::fault
