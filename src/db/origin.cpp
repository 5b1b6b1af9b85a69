#include "db/origin.hpp"

#include <cstdint>
#include <random>

#include <fmt/format.h>

namespace cardea::db {

std::string make_origin() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", std::uint32_t{device()}, std::uint32_t{device()});
}

}  // namespace cardea::db
