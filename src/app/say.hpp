#pragma once
// What commands say, and whether it arrived.

#include <exception>
#include <string_view>

#include "base/error.hpp"

namespace cardea::app {

/// Prints "cardea: " and a line to standard error. Never throws: it says what went wrong.
void complain(std::string_view line) noexcept;

/// Complains of what ended a command, and of what it wants where the exception does not say so: memory, threads.
void complain(const std::exception& problem) noexcept;

/// Complains of an error with its detail; the exit code 1.
int fail(const Error& error) noexcept;

/// Makes sure that descriptors 0 to 2 are open, so that no file or connection takes the place of one that the caller
/// closed, and is printed into. What is printed to one that was closed fails.
void occupy_standard_descriptors() noexcept;

/// The exit code of a command that would end with `code`: 1, after a complaint, when what it printed did not arrive.
[[nodiscard]] int end_printing(int code) noexcept;

}  // namespace cardea::app
