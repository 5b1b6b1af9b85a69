#include "observe/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cardea::observe {
namespace {

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

/// A name has one type, whatever its labels. With the lock held.
Metrics::Family& Metrics::family(Kind kind, std::string_view name, std::string_view help, const Labels& labels) {
  expect_names(name, labels);
  auto found = families_.find(name);
  if (found == families_.end()) {
    found = families_.emplace(std::string{name}, Family{.kind = kind, .help = std::string{help}}).first;
  }
  if (found->second.kind != kind) {
    throw std::invalid_argument{"metrics: a name has two types: " + std::string{name}};
  }
  return found->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock{mutex_};
  return family(Kind::counter, name, help, labels).counters[std::move(labels)];
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock{mutex_};
  return family(Kind::histogram, name, help, labels).histograms[std::move(labels)];
}

void Metrics::add_reading(Kind kind, std::string_view name, std::string_view help, Reading read, Labels labels) {
  const std::lock_guard lock{mutex_};
  family(kind, name, help, labels).readings[std::move(labels)] = std::move(read);
}

void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read, Labels labels) {
  add_reading(Kind::gauge, name, help, std::move(read), std::move(labels));
}

void Metrics::total(std::string_view name, std::string_view help, std::function<double()> read, Labels labels) {
  add_reading(Kind::total, name, help, std::move(read), std::move(labels));
}

/// What is to be printed of a family, and what is still to be read.
struct Metrics::Printed {
  std::string name;
  std::string text;
  std::map<Labels, Reading> readings;
};

Metrics::Printed Metrics::print(const std::string& name, const Family& family) {
  constexpr std::array types{"counter", "histogram", "gauge", "counter"};  // by Kind
  std::string text = fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, escaped(family.help, "\\"),
                                 types.at(static_cast<std::size_t>(family.kind)));
  for (const auto& [labels, counter] : family.counters) {
    text += fmt::format("{}{} {}\n", name, label_text(labels), counter.value());
  }
  for (const auto& [labels, histogram] : family.histograms) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= Histogram::bounds.size(); ++i) {
      count += histogram.buckets_[i].load(std::memory_order_relaxed);
      const std::string bound = i < Histogram::bounds.size() ? number(Histogram::bounds[i]) : "+Inf";
      text += fmt::format("{}_bucket{} {}\n", name, label_text(labels, bound), count);
    }
    const double sum = static_cast<double>(histogram.sum_nanos_.load(std::memory_order_relaxed)) / 1e9;
    text += fmt::format("{0}_sum{1} {2}\n{0}_count{1} {3}\n", name, label_text(labels), number(sum), count);
  }
  return {.name = name, .text = std::move(text), .readings = family.readings};
}

std::string Metrics::prometheus_text() const {
  std::vector<Printed> all_printed;
  std::unique_lock lock{mutex_};
  for (const auto& [name, family] : families_) all_printed.push_back(print(name, family));
  lock.unlock();  // what is read may take locks of its own, or register a metric
  std::string page;
  for (const auto& printed : all_printed) {
    page += printed.text;
    for (const auto& [labels, read] : printed.readings) {
      page += fmt::format("{}{} {}\n", printed.name, label_text(labels), number(read_or_nan(read)));
    }
  }
  return page;
}

}  // namespace cardea::observe
