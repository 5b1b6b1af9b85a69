#include "observe/metrics.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <thread>
#include <tuple>

namespace cardea::observe {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Metrics, counters_and_gauges_print_under_one_header_per_name) {
  Metrics metrics;
  metrics.counter("cardea_signin_total", "Sign-ins.", {{"outcome", "good"}}).add(3);
  metrics.gauge("cardea_sessions", "Live sessions.", [] { return 12.5; });
  metrics.counter("cardea_signin_total", "Sign-ins.", {{"outcome", "bad"}}).add();
  EXPECT_EQ(metrics.prometheus_text(),
            "# HELP cardea_sessions Live sessions.\n"
            "# TYPE cardea_sessions gauge\n"
            "cardea_sessions 12.5\n"
            "# HELP cardea_signin_total Sign-ins.\n"
            "# TYPE cardea_signin_total counter\n"
            "cardea_signin_total{outcome=\"bad\"} 1\n"
            "cardea_signin_total{outcome=\"good\"} 3\n");
}

TEST(Metrics, same_name_and_labels_are_the_same_object) {
  Metrics metrics;
  Counter& first = metrics.counter("a", "A.", {{"x", "1"}});
  EXPECT_EQ(&first, &metrics.counter("a", "A.", {{"x", "1"}}));
  EXPECT_NE(&first, &metrics.counter("a", "A.", {{"x", "2"}}));
  EXPECT_EQ(&metrics.histogram("h", "H."), &metrics.histogram("h", "H."));
}

TEST(Metrics, labels_and_help_cannot_break_the_page) {
  Metrics metrics;
  metrics.counter("a", "one\ntwo \\ \"", {{"x", "q\"b\\n\nend"}});
  EXPECT_EQ(metrics.prometheus_text(),
            "# HELP a one\\ntwo \\\\ \"\n"
            "# TYPE a counter\n"
            "a{x=\"q\\\"b\\\\n\\nend\"} 0\n");
}

TEST(Metrics, names_prometheus_would_refuse_are_bugs) {
  Metrics metrics;
  EXPECT_THROW(metrics.counter("", ""), std::invalid_argument);
  EXPECT_THROW(metrics.counter("1a", ""), std::invalid_argument);
  EXPECT_THROW(metrics.counter("a b", ""), std::invalid_argument);
  EXPECT_THROW(metrics.counter("a", "", {{"x-y", ""}}), std::invalid_argument);
  EXPECT_THROW(metrics.histogram("a", "", {{"le", ""}}), std::invalid_argument);
  metrics.counter("a", "");
  EXPECT_THROW(metrics.histogram("a", ""), std::invalid_argument);
  EXPECT_THROW(metrics.gauge("a", "", [] { return 0.0; }), std::invalid_argument);
  EXPECT_THROW(metrics.total("a", "", [] { return 0.0; }), std::invalid_argument);
}

TEST(Histogram, buckets_are_cumulative_and_end_with_everything) {
  Metrics metrics;
  auto& histogram = metrics.histogram("h", "H.", {{"route", "/"}});
  histogram.record(microseconds{50});   // exactly the first bound: le means at most
  histogram.record(microseconds{51});
  histogram.record(milliseconds{40});
  histogram.record(seconds{11});        // beyond every bound
  histogram.record(seconds{-1});        // a clock stepped back: counted as nothing
  const std::string page = metrics.prometheus_text();
  const auto has = [&](std::string_view line) { return page.find(std::string{line} + "\n") != std::string::npos; };
  EXPECT_TRUE(has(R"(h_bucket{route="/",le="5e-05"} 2)")) << page;
  EXPECT_TRUE(has(R"(h_bucket{route="/",le="0.0001"} 3)")) << page;
  EXPECT_TRUE(has(R"(h_bucket{route="/",le="0.025"} 3)")) << page;
  EXPECT_TRUE(has(R"(h_bucket{route="/",le="0.05"} 4)")) << page;
  EXPECT_TRUE(has(R"(h_bucket{route="/",le="10"} 4)")) << page;
  EXPECT_TRUE(has(R"(h_bucket{route="/",le="+Inf"} 5)")) << page;
  EXPECT_TRUE(has(R"(h_sum{route="/"} 11.040101)")) << page;
  EXPECT_TRUE(has(R"(h_count{route="/"} 5)")) << page;
}

TEST(Gauge, odd_values_and_failures_are_spelled_as_prometheus_does) {
  Metrics metrics;
  metrics.gauge("a", "A.", [] { return std::numeric_limits<double>::infinity(); });
  metrics.gauge("b", "B.", []() -> double { throw std::runtime_error{"gone"}; });
  metrics.gauge("c", "C.", [] { return 1.0; });
  metrics.gauge("c", "C.", [] { return 2.0; });  // registered again: replaced
  const std::string page = metrics.prometheus_text();
  EXPECT_NE(page.find("\na +Inf\n"), std::string::npos) << page;
  EXPECT_NE(page.find("\nb NaN\n"), std::string::npos) << page;
  EXPECT_NE(page.find("\nc 2\n"), std::string::npos) << page;
}

TEST(Total, is_a_counter_that_is_read) {
  Metrics metrics;
  metrics.total("seconds_total", "S.", [] { return 1.5; }, {{"of", "x"}});
  EXPECT_EQ(metrics.prometheus_text(),
            "# HELP seconds_total S.\n# TYPE seconds_total counter\nseconds_total{of=\"x\"} 1.5\n");
}

TEST(Gauge, may_use_the_registry_while_it_is_read) {
  Metrics metrics;
  metrics.gauge("g", "G.", [&] { return static_cast<double>(metrics.counter("c", "C.").value()); });
  EXPECT_NE(metrics.prometheus_text().find("\ng 0\n"), std::string::npos);
}

// Run under the tsan preset this also shows that recording needs no lock.
TEST(Metrics, nothing_is_lost_when_many_threads_record_and_register) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics, t] {
      auto& own = metrics.counter("own", "Own.", {{"t", std::to_string(t)}});
      auto& shared = metrics.counter("shared", "Shared.");
      auto& spans = metrics.histogram("spans", "Spans.");
      for (int i = 0; i < 1000; ++i) {
        own.add();
        shared.add();
        spans.record(microseconds{i});
        if (i % 250 == 0) std::ignore = metrics.prometheus_text();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(metrics.counter("shared", "Shared.").value(), 4000U);
  EXPECT_EQ(metrics.counter("own", "Own.", {{"t", "3"}}).value(), 1000U);
  EXPECT_NE(metrics.prometheus_text().find("\nspans_count 4000\n"), std::string::npos);
}

}  // namespace
}  // namespace cardea::observe
