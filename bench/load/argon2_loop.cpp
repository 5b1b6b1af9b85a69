// The yardstick for sign-ins: bare libsodium, as many threads as cores, each of which keeps its memory from one hash to
// the next as a hashing thread of the server does, nothing else.
//   bench_argon2_loop SECONDS THREADS MEMORY_KIB PASSES   prints hashes per second

#include <sodium.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "crypto/argon2_memory.hpp"

int main(int argc, char** argv) {
  if (argc != 5 || sodium_init() < 0) return 2;
  const auto span = std::chrono::duration<double>(std::atof(argv[1]));
  const int threads = std::atoi(argv[2]);
  const auto memory = static_cast<std::size_t>(std::atoll(argv[3])) * 1024;
  const auto passes = static_cast<unsigned long long>(std::atoll(argv[4]));
  std::atomic<long> hashes{0};
  std::atomic<bool> stop{false};
  const auto work = [&] {
    unsigned char out[32];
    cardea::crypto::Argon2Memory kept;
    const cardea::crypto::UseArgon2Memory use{&kept};
    const unsigned char salt[crypto_pwhash_argon2id_SALTBYTES] = {1};
    while (!stop.load()) {
      if (crypto_pwhash(out, sizeof out, "correct horse battery", 21, salt, passes, memory,
                        crypto_pwhash_ALG_ARGON2ID13) != 0) {
        std::abort();
      }
      hashes.fetch_add(1);
    }
  };
  std::vector<std::thread> pool;
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < threads; ++i) pool.emplace_back(work);
  std::this_thread::sleep_for(span);
  const long done = hashes.load();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  stop = true;
  for (auto& thread : pool) thread.join();
  std::printf("%.2f\n", static_cast<double>(done) / took);
  return 0;
}
