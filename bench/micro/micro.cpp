// The pieces of a request, one by one.

#include <benchmark/benchmark.h>

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

}  // namespace

BENCHMARK_MAIN();
