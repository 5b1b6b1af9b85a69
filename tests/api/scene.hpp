#pragma once
// The names that every test of this folder uses.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/world.hpp"

namespace cardea::api_tests {

using namespace std::chrono_literals;
using testing_support::Answer;
using testing_support::Client;
using testing_support::good_password;
using testing_support::list_for;
using testing_support::other_password;
using testing_support::World;
using Texts = std::vector<std::string>;

inline constexpr const char* wrong_password = "not the password at all";

}  // namespace cardea::api_tests
