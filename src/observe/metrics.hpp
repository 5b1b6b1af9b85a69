#pragma once
// Counters, gauges and latency histograms, printed as Prometheus text (exposition format 0.0.4).
// Recording is lock-free; callable from any thread.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardea::observe {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Fixed buckets from 50 µs to 10 s.
class Histogram {
 public:
  void record(std::chrono::nanoseconds span);
  static constexpr std::array<double, 16> bounds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                 0.025,   0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   10.0};

 private:
  friend class Metrics;
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> sum_nanos_{0};
};

using Labels = std::vector<std::pair<std::string, std::string>>;

/// The registry. References it returns live as long as it does; the same name and labels give the same object.
class Metrics {
 public:
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {});
  /// A value read when the page is printed; `read` must be callable from any thread.
  void gauge(std::string_view name, std::string_view help, std::function<double()> read, Labels labels = {});
  /// A counter that something else counts, such as the kernel; otherwise as a gauge.
  void total(std::string_view name, std::string_view help, std::function<double()> read, Labels labels = {});

  [[nodiscard]] std::string prometheus_text() const;

 private:
  enum class Kind : std::uint8_t { counter, histogram, gauge, total };
  using Reading = std::function<double()>;
  /// All samples of one name, which the format wants together.
  struct Family {
    Kind kind;
    std::string help;
    std::map<Labels, Counter> counters = {};
    std::map<Labels, Histogram> histograms = {};
    std::map<Labels, Reading> readings = {};
  };
  struct Printed;
  Family& family(Kind kind, std::string_view name, std::string_view help, const Labels& labels);
  static Printed print(const std::string& name, const Family& family);
  void add_reading(Kind kind, std::string_view name, std::string_view help, Reading read, Labels labels);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace cardea::observe
