#include "geo/country_file.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace cardea::geo {
namespace {

constexpr off_t largest_file = off_t{256} << 20U;

/// A file descriptor that is closed with it.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Whether all of it was copied; errno says why not.
bool copy(const Descriptor& from, const Descriptor& to) {
  struct stat facts{};
  if (::fstat(from.number(), &facts) != 0) return false;
  if (!S_ISREG(facts.st_mode) || facts.st_size > largest_file) {
    errno = EFBIG;
    return false;
  }
  off_t at = 0;
  while (at < facts.st_size) {
    const auto sent = ::sendfile(to.number(), from.number(), &at, static_cast<std::size_t>(facts.st_size - at));
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    if (sent == 0) break;  // it became shorter meanwhile
  }
  return true;
}

struct SocketAddress {
  sockaddr_storage storage{};
};

/// Of a numeric address, "192.0.2.7" or "2001:db8::7%eth0".
std::optional<SocketAddress> parse(std::string_view text) {
  const std::string bare{text.substr(0, text.find('%'))};
  SocketAddress address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  if (::inet_pton(AF_INET, bare.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    return address;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (::inet_pton(AF_INET6, bare.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  v6.sin6_family = AF_INET6;
  return address;
}

/// Two capital letters, whatever a file may say.
bool is_country(std::string_view text) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.size() == 2 && is_capital(text[0]) && is_capital(text[1]);
}

}  // namespace

std::shared_ptr<const CountryFile> CountryFile::open(const std::string& path) {
  const auto fail = [&path](const std::string& why) {
    throw std::runtime_error("signin.country_file: " + path + ": " + why);
  };
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  const Descriptor copied{::memfd_create("countries", MFD_CLOEXEC)};
  if (!file.is_open() || !copied.is_open() || !copy(file, copied)) fail(std::system_category().message(errno));
  const std::shared_ptr<CountryFile> opened{new CountryFile};
  const std::string name = "/proc/self/fd/" + std::to_string(copied.number());
  const int status = MMDB_open(name.c_str(), MMDB_MODE_MMAP, &opened->database_);  // which keeps the memory
  if (status != MMDB_SUCCESS) fail(MMDB_strerror(status));
  opened->is_open_ = true;
  return opened;
}

CountryFile::~CountryFile() {
  if (is_open_) MMDB_close(&database_);
}

Time CountryFile::made_at() const {
  return from_micros(static_cast<std::int64_t>(database_.metadata.build_epoch) * 1'000'000);
}

std::string CountryFile::country_of(std::string_view address) const {
  const auto parsed = parse(address);
  if (!parsed) return {};
  int status = MMDB_SUCCESS;
  auto found = MMDB_lookup_sockaddr(&database_, reinterpret_cast<const sockaddr*>(&parsed->storage), &status);
  if (status != MMDB_SUCCESS || !found.found_entry) return {};
  constexpr std::array<const char*, 3> path{"country", "iso_code", nullptr};
  MMDB_entry_data_s data{};
  status = MMDB_aget_value(&found.entry, &data, path.data());
  if (status != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  const std::string_view text{data.utf8_string, data.data_size};
  return is_country(text) ? std::string{text} : std::string{};
}

}  // namespace cardea::geo
