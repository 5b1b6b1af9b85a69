#pragma once
// What a transaction tells every process that shares the database: something of a topic has changed.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace cardea::db {

// Named so that the compiler's message says what is wrong.
void a_topic_is_a_literal_of_1_to_40_lower_case_letters_and_underscores();

/// What announcements are about, such as "session". Only a literal converts to it.
class Topic {
 public:
  consteval Topic(const char* name) : name_(name) {  // NOLINT(google-explicit-constructor): a literal is the topic
    bool is_valid = !name_.empty() && name_.size() <= 40;
    for (const char c : name_) is_valid = is_valid && ((c >= 'a' && c <= 'z') || c == '_');
    if (!is_valid) a_topic_is_a_literal_of_1_to_40_lower_case_letters_and_underscores();
  }
  [[nodiscard]] constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

inline constexpr std::size_t max_subject_size = 1024;

struct Announcement {
  std::string topic;
  Bytes subject;  // empty: everything of this topic

  friend bool operator==(const Announcement&, const Announcement&) = default;
};

}  // namespace cardea::db
