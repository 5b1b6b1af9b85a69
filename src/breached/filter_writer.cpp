#include "breached/filter_writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cardea::breached {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 20U;

void write_at(int descriptor, BytesView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category(), "the filter cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

/// By chance none of this many entries to a range, or fewer, leaves a range empty once in a hundred million lists.
constexpr std::uint64_t dense = 32;

}  // namespace

FilterWriter::FilterWriter(int descriptor)
    : descriptor_(descriptor), index_(index_size), written_(head_size + index_size) {
  store(index_, 0, 8, written_);
}

Result<Done> FilterWriter::add(const Key& key) {
  const bool is_below = key.range < range_ || (key.range == range_ && !rests_.empty() && key.rest < rests_.back());
  if (is_below) return Error{unusable, "it is not ordered by hash; download the list that is"};
  if (key.range > range_) end_ranges(key.range);
  if (!rests_.empty() && rests_.back() == key.rest) return done;
  if (rests_.size() == most_in_range) {
    return Error{unusable, fmt::format("more than {} hashes begin with {:05X}; these are no SHA-1 values",
                                       most_in_range, key.range)};
  }
  if (entries_ == most_entries) return Error{unusable, fmt::format("it has more than {} hashes", most_entries)};
  rests_.push_back(key.rest);
  ++entries_;
  return done;
}

/// Ends the present range, and leaves those up to `next` empty.
void FilterWriter::end_ranges(std::uint32_t next) {
  for (; range_ < next; ++range_) {
    if (rests_.empty() && empty_ranges_++ == 0) first_empty_ = range_;
    const auto range = write_range(range_, rests_);
    buffer_.insert(buffer_.end(), range.begin(), range.end());
    rests_.clear();
    store(index_, (std::size_t{range_} + 1) * 8, 8, written_ + buffer_.size());
    if (buffer_.size() >= buffer_size) write_out();
  }
}

void FilterWriter::write_out() {
  write_at(descriptor_, buffer_, written_);
  written_ += buffer_.size();
  buffer_.clear();
}

Result<Facts> FilterWriter::finish(Time now) {
  end_ranges(ranges);
  write_out();
  if (entries_ == 0) return Error{unusable, "there is no hash in it"};
  if (empty_ranges_ > 0 && entries_ / (ranges - empty_ranges_) >= dense) {
    return Error{unusable, fmt::format("it is not complete: no hash begins with {:05X}", first_empty_)};
  }
  const Facts facts{.entries = entries_, .made_at = now};
  write_at(descriptor_, index_, head_size);
  write_at(descriptor_, write_head({.entries = entries_, .made_at = to_micros(now), .file_size = written_}, index_), 0);
  return facts;
}

}  // namespace cardea::breached
