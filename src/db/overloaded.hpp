#pragma once
// One function for each alternative of a variant, for std::visit. Internal to db.

namespace cardea::db {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace cardea::db
