#include "observe/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <stdexcept>

namespace cardea::observe {
namespace {

/// All samples of one name, which the format wants together under one HELP and TYPE.
struct Family {
  std::string_view type;
  std::string help;
  std::string samples;
};
using Families = std::map<std::string, Family>;

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

/// {a="x",b="y"}, or nothing without labels.
std::string label_text(const Labels& labels, std::string_view bound = {}) {
  std::string out;
  for (const auto& [name, value] : labels)
    out += fmt::format(R"({}{}="{}")", out.empty() ? "" : ",", name, escaped(value, "\\\""));
  if (!bound.empty()) out += fmt::format(R"({}le="{}")", out.empty() ? "" : ",", bound);
  return out.empty() ? out : "{" + out + "}";
}

bool is_name(std::string_view name, std::string_view beyond_letters) {
  const auto letter = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || beyond_letters.find(c) != std::string_view::npos;
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void expect_names(std::string_view name, const Labels& labels) {
  bool good = is_name(name, "_:");
  for (const auto& label : labels) good = good && is_name(label.first, "_") && label.first != "le";
  if (!good) throw std::invalid_argument{"metrics: a name is not one Prometheus accepts: " + std::string{name}};
}

template <class Items>
auto find(Items& items, std::string_view name, const Labels& labels) {
  return std::find_if(items.begin(), items.end(),
                      [&](const auto& item) { return item.name == name && item.labels == labels; });
}

template <class Items>
void expect_absent(const Items& items, std::string_view name) {
  if (std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.name == name; })) {
    throw std::invalid_argument{"metrics: a name has two types: " + std::string{name}};
  }
}

Family& family(Families& families, std::string_view type, const auto& item) {
  auto& found = families[item.name];
  if (found.type.empty()) found = {type, item.help, {}};
  return found;
}

/// A gauge that cannot be read must not take the page with it, least of all when something is wrong.
double read_or_nan(const std::function<double()>& read) {
  try {
    return read();
  } catch (const std::exception&) {
    return std::nan("");
  }
}

}  // namespace

void Histogram::record(std::chrono::nanoseconds span) {
  const auto nanos = std::max<std::int64_t>(span.count(), 0);  // a clock may step back
  const double seconds = static_cast<double>(nanos) / 1e9;
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_nanos_.fetch_add(static_cast<std::uint64_t>(nanos), std::memory_order_relaxed);
}

/// A name has one type, whatever its labels.
void Metrics::expect_new_in_others(const void* own, std::string_view name) const {
  if (own != &counters_) expect_absent(counters_, name);
  if (own != &histograms_) expect_absent(histograms_, name);
  if (own != &gauges_) expect_absent(gauges_, name);
  if (own != &totals_) expect_absent(totals_, name);
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  expect_names(name, labels);
  const std::lock_guard lock{mutex_};
  if (const auto found = find(counters_, name, labels); found != counters_.end()) return found->metric;
  expect_new_in_others(&counters_, name);
  return counters_.emplace_back(std::string{name}, std::string{help}, std::move(labels)).metric;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels) {
  expect_names(name, labels);
  const std::lock_guard lock{mutex_};
  if (const auto found = find(histograms_, name, labels); found != histograms_.end()) return found->metric;
  expect_new_in_others(&histograms_, name);
  return histograms_.emplace_back(std::string{name}, std::string{help}, std::move(labels)).metric;
}

void Metrics::add_reading(Readings& readings, Named<std::function<double()>> reading) {
  expect_names(reading.name, reading.labels);
  const std::lock_guard lock{mutex_};
  if (const auto found = find(readings, reading.name, reading.labels); found != readings.end()) {
    found->metric = std::move(reading.metric);
    return;
  }
  expect_new_in_others(&readings, reading.name);
  readings.push_back(std::move(reading));
}

void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read, Labels labels) {
  add_reading(gauges_, {std::string{name}, std::string{help}, std::move(labels), std::move(read)});
}

void Metrics::total(std::string_view name, std::string_view help, std::function<double()> read, Labels labels) {
  add_reading(totals_, {std::string{name}, std::string{help}, std::move(labels), std::move(read)});
}

std::string Metrics::prometheus_text() const {
  Families families;
  std::unique_lock lock{mutex_};
  for (const auto& item : counters_) {
    family(families, "counter", item).samples +=
        fmt::format("{}{} {}\n", item.name, label_text(item.labels), item.metric.value());
  }
  for (const auto& item : histograms_) {
    std::string& out = family(families, "histogram", item).samples;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= Histogram::bounds.size(); ++i) {
      count += item.metric.buckets_[i].load(std::memory_order_relaxed);
      const std::string bound = i < Histogram::bounds.size() ? number(Histogram::bounds[i]) : "+Inf";
      out += fmt::format("{}_bucket{} {}\n", item.name, label_text(item.labels, bound), count);
    }
    const double sum = static_cast<double>(item.metric.sum_nanos_.load(std::memory_order_relaxed)) / 1e9;
    out += fmt::format("{0}_sum{1} {2}\n{0}_count{1} {3}\n", item.name, label_text(item.labels), number(sum), count);
  }
  const auto gauges = gauges_;
  const auto totals = totals_;
  lock.unlock();  // what is read may take locks of its own, or register a metric
  const auto read_each = [&families](std::string_view type, const Readings& readings) {
    for (const auto& item : readings) {
      family(families, type, item).samples +=
          fmt::format("{}{} {}\n", item.name, label_text(item.labels), number(read_or_nan(item.metric)));
    }
  };
  read_each("gauge", gauges);
  read_each("counter", totals);
  std::string page;
  for (const auto& [name, one] : families) {
    page += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{3}", name, escaped(one.help, "\\"), one.type, one.samples);
  }
  return page;
}

}  // namespace cardea::observe
