// Every form in which an address that is not public can be written, as the system reads it.

#include "outbound/public_address.hpp"

#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace cardea::outbound {
namespace {

/// The address as getaddrinfo reads it, like whoever connects.
Bytes read(const char* text) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(text, nullptr, &hints, &found) != 0) return {};
  Bytes bytes;
  if (found->ai_family == AF_INET) {
    bytes.resize(4);
    std::memcpy(bytes.data(), &reinterpret_cast<sockaddr_in*>(found->ai_addr)->sin_addr, 4);
  } else {
    bytes.resize(16);
    std::memcpy(bytes.data(), &reinterpret_cast<sockaddr_in6*>(found->ai_addr)->sin6_addr, 16);
  }
  ::freeaddrinfo(found);
  return bytes;
}

TEST(PublicAddress, is_none_of_these) {
  for (const char* text :
       {           // "this network", and nobody
        "0.0.0.0", "0", "0.0.0.1", "0.255.255.255", "::", "::0.0.0.0",
           // loopback, in every notation that the system takes
        "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
        "017700000001", "0x7F.0x0.0x0.0x1", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1",
        "::127.0.0.1", "::7f00:1",
           // private
        "10.0.0.1", "10.255.255.255", "167772161", "0xa.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "192.168.255.255", "0xc0a80001", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:172.16.0.1", "fc00::1",
        "fd12:3456:789a::1", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
           // link-local, and where clouds keep their metadata
        "169.254.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254", "fe80::1", "febf::1",
        "fec0::1", "fd00:ec2::254",
           // carriers
        "100.64.0.1", "100.127.255.255", "100.100.100.200", "::ffff:100.64.0.1",
           // multicast, broadcast, reserved
        "224.0.0.1", "239.255.255.255", "255.255.255.255", "240.0.0.1", "::ffff:224.0.0.1", "ff02::1", "ff0e::1",
           // protocol assignments, documentation, benchmarks
        "192.0.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "198.19.255.255", "192.88.99.1",
        "2001:db8::1", "3fff::1", "3fff:fff::1", "2001:2::1", "2001:10::1", "2001:20::1", "100::1",
           // translated and tunnelled
        "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::", "2002:0a00:0001::1", "2002:808:808::1", "2001::1", "2001:0:7f00:1::", "3ffe::1",
           // of no network yet
        "::8.8.8.8", "4000::1", "5f00::1", "8000::1", "::2"}) {
    const auto bytes = read(text);
    ASSERT_FALSE(bytes.empty()) << text << " is no address";
    EXPECT_FALSE(is_public_address(bytes)) << text;
  }
}

TEST(PublicAddress, is_any_of_these) {
  for (const char* text : {"1.1.1.1",          "8.8.8.8",
                           "9.255.255.255",    "11.0.0.0",
                           "100.63.255.255",   "100.128.0.0",
                           "126.255.255.255",  "128.0.0.1",
                           "169.253.255.255",  "169.255.0.0",
                           "172.15.255.255",   "172.32.0.0",
                           "192.0.1.1",        "192.167.255.255",
                           "192.169.0.0",      "198.17.255.255",
                           "198.20.0.0",       "223.255.255.255",
                           "134744072",        "::ffff:8.8.8.8",
                           "64:ff9b::8.8.8.8", "2001:4860:4860::8888",
                           "2606:4700::1111",  "2a00:1450::1",
                           "2001:200::1",      "2003::1",
                           "2400::1",          "3ffd::1"}) {
    const auto bytes = read(text);
    ASSERT_FALSE(bytes.empty()) << text << " is no address";
    EXPECT_TRUE(is_public_address(bytes)) << text;
  }
}

TEST(PublicAddress, has_four_or_sixteen_bytes) {
  for (const std::size_t size : {0U, 1U, 3U, 5U, 15U, 17U}) EXPECT_FALSE(is_public_address(Bytes(size, 8))) << size;
}

}  // namespace
}  // namespace cardea::outbound
