#include "edge/nghttp2_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/secret.hpp"

namespace cardea::edge {
namespace {

void* allocate(std::size_t size, void*) { return std::malloc(size); }

void* allocate_zeroes(std::size_t count, std::size_t size, void*) { return std::calloc(count, size); }

void release(void* memory, void*) {
  if (memory == nullptr) return;
  wipe(memory, malloc_usable_size(memory));
  std::free(memory);
}

/// Never in the C library's hands, which would leave the bytes where they were.
void* reallocate(void* memory, std::size_t size, void*) {
  void* larger = std::malloc(size);
  if (larger == nullptr || memory == nullptr) return larger;
  std::memcpy(larger, memory, std::min(size, malloc_usable_size(memory)));
  release(memory, nullptr);
  return larger;
}

}  // namespace

nghttp2_mem& wiping_memory() {
  static nghttp2_mem memory{
      .mem_user_data = nullptr,
      .malloc = allocate,
      .free = release,
      .calloc = allocate_zeroes,
      .realloc = reallocate,
  };
  return memory;
}

}  // namespace cardea::edge
