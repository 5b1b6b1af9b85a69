// The pieces of a request, one by one.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "breached/filter.hpp"
#include "breached/filter_writer.hpp"
#include "crypto/argon2.hpp"
#include "crypto/argon2_memory.hpp"
#include "crypto/sign.hpp"
#include "crypto/system_random.hpp"
#include "encoding/unicode.hpp"
#include "encoding/value.hpp"
#include "http/message.hpp"

namespace {

using namespace cardea;

void sign_in_body_is_parsed(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(wire::parse(R"({"uid":"ada","password":"correct horse battery"})"));
  }
}
BENCHMARK(sign_in_body_is_parsed);

void target_is_parsed(benchmark::State& state) {
  std::string path;
  std::string query;
  for (auto _ : state) {
    benchmark::DoNotOptimize(http::parse_target("/v1/me/notes/not_01M84K64DQT3MSX98BCNWKDT16?limit=50", path, query));
  }
}
BENCHMARK(target_is_parsed);

void user_id_is_normalised(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(unicode::user_id_key(*unicode::user_id("Ada.Lovelace")));
  }
}
BENCHMARK(user_id_is_normalised);

void token_is_signed(benchmark::State& state) {
  const auto key = crypto::SigningKey::generate(static_cast<crypto::Algorithm>(state.range(0)));
  const std::string text(300, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(key.sign(as_bytes(text)));
}
BENCHMARK(token_is_signed)->DenseRange(0, 2);

void token_is_verified(benchmark::State& state) {
  const auto key = crypto::SigningKey::generate(static_cast<crypto::Algorithm>(state.range(0)));
  const std::string text(300, 'x');
  const auto signature = key.sign(as_bytes(text));
  for (auto _ : state) benchmark::DoNotOptimize(key.verify(as_bytes(text), signature));
}
BENCHMARK(token_is_verified)->DenseRange(0, 2);

void password_is_hashed(benchmark::State& state) {
  crypto::SystemRandom random;
  crypto::Argon2Memory memory;
  for (auto _ : state) benchmark::DoNotOptimize(crypto::argon2id("correct horse battery", {}, random, &memory));
}
BENCHMARK(password_is_hashed)->Unit(benchmark::kMillisecond);

/// A filter whose first ranges are as full as those of a billion passwords; the others have an entry each.
constexpr std::uint32_t full_ranges = 1024;

std::string filter_as_of_a_billion() {
  const auto path = std::filesystem::temp_directory_path() / "bench_breached_passwords.filter";
  const breached::Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  breached::FilterWriter writer{file.number()};
  for (std::uint32_t range = 0; range < breached::ranges; ++range) {
    const std::uint32_t count = range < full_ranges ? 954 : 1;
    const std::uint32_t step = (std::uint32_t{1} << breached::rest_bits) / count;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!writer.add({.range = range, .rest = i * step + (range * 2'654'435'761U) % step})) std::abort();
    }
  }
  if (!writer.finish(from_micros(0))) std::abort();
  return path;
}

void password_is_looked_up_among_a_billion(benchmark::State& state) {
  observe::Log log{observe::Format::json, observe::Level::error};
  const auto path = filter_as_of_a_billion();
  const breached::Passwords leaked{path, breached::Presence::required, log};
  std::vector<std::string> passwords;
  for (int i = 0; passwords.size() < 256; ++i) {
    auto password = "a password that is no " + std::to_string(i);
    if (breached::key_of(crypto::sha1(password)).range < full_ranges) passwords.push_back(std::move(password));
  }
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(leaked.hold(passwords[next++ % passwords.size()]));
  std::filesystem::remove(path);
}
BENCHMARK(password_is_looked_up_among_a_billion)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
