#pragma once
// Files in MaxMind's format (MaxMind DB 2.0) for tests: networks and their countries.

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardea::testing_support {

/// A network, "203.0.113.0" and 24 or "2001:db8::" and 32, and its country.
struct CountryOfNetwork {
  std::string address;
  unsigned length = 0;  // in bits
  std::string country;
};

class CountryFileWriter {
 public:
  void add(const CountryOfNetwork& network) {
    const auto place = static_cast<std::uint32_t>(data_.size());
    data_ += "\xE1" + text("country") + "\xE1" + text("iso_code") + text(network.country);  // maps of one entry
    auto [address, before] = bytes_of(network.address);
    insert(address, before + network.length, place);
  }

  [[nodiscard]] std::string bytes() const {
    const auto count = static_cast<std::uint32_t>(nodes_.size());
    std::string out;
    for (const auto& node : nodes_) {
      for (const Record& record : node) out += big_endian(value_of(record, count), 3);
    }
    return out + std::string(16, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com" + metadata(count);
  }

 private:
  enum class Leads { nowhere, to_node, to_data };
  struct Record {
    Leads leads = Leads::nowhere;
    std::uint32_t place = 0;
  };

  static std::string big_endian(std::uint64_t value, int size) {
    std::string out;
    for (int i = size - 1; i >= 0; --i) out += static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU);
    return out;
  }
  static std::string text(std::string_view value) {  // shorter than 29
    return static_cast<char>(0x40U | value.size()) + std::string{value};
  }
  static std::string metadata(std::uint32_t count) {
    std::string out = "\xE9";  // a map of nine entries
    out += text("binary_format_major_version") + "\xA2" + big_endian(2, 2);
    out += text("binary_format_minor_version") + "\xA2" + big_endian(0, 2);
    out += text("build_epoch") + std::string{"\x08\x02"} + big_endian(1'700'000'000, 8);
    out += text("database_type") + text("Test-Country");
    out += text("description") + "\xE1" + text("en") + text("for tests");
    out += text("ip_version") + "\xA2" + big_endian(6, 2);
    out += text("languages") + std::string{"\x01\x04"} + text("en");
    out += text("node_count") + "\xC4" + big_endian(count, 4);
    return out + text("record_size") + "\xA2" + big_endian(24, 2);
  }
  static std::uint32_t value_of(const Record& record, std::uint32_t count) {
    switch (record.leads) {
      case Leads::nowhere: return count;
      case Leads::to_node: return record.place;
      case Leads::to_data: return count + 16 + record.place;
    }
    return count;
  }

  /// As IPv6, and how many bits of it come before those that were meant.
  static std::pair<std::array<unsigned char, 16>, unsigned> bytes_of(const std::string& text) {
    std::array<unsigned char, 16> address{};
    if (inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1) return {address, 96};
    inet_pton(AF_INET6, text.c_str(), address.data());
    return {address, 0};
  }

  void insert(const std::array<unsigned char, 16>& address, unsigned length, std::uint32_t place) {
    std::size_t node = 0;
    for (unsigned bit = 0; bit < length; ++bit) {
      const std::size_t side = address[bit / 8] >> (7 - bit % 8) & 1U;
      if (bit + 1 == length) {
        nodes_[node][side] = {Leads::to_data, place};
      } else {
        if (nodes_[node][side].leads != Leads::to_node) {
          nodes_[node][side] = {Leads::to_node, static_cast<std::uint32_t>(nodes_.size())};
          nodes_.emplace_back();
        }
        node = nodes_[node][side].place;
      }
    }
  }

  std::vector<std::array<Record, 2>> nodes_{1};
  std::string data_;
};

inline std::string country_file(const std::vector<CountryOfNetwork>& networks) {
  CountryFileWriter writer;
  for (const auto& network : networks) writer.add(network);
  return writer.bytes();
}

/// Puts `bytes` at `path`, as one that renews a file does: under another name first.
inline void put_file(const std::string& path, std::string_view bytes) {
  std::ofstream{path + ".new", std::ios::binary} << bytes;
  std::rename((path + ".new").c_str(), path.c_str());
}

}  // namespace cardea::testing_support
