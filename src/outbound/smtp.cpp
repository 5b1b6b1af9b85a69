#include "outbound/smtp.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "base/text.hpp"
#include "outbound/curl_library.hpp"

namespace cardea::outbound {
namespace {

constexpr std::size_t most_idle = 4;

struct ListFree {
  void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};

/// The message that is being sent, as libcurl asks for it.
struct Reader {
  std::string_view rest;

  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& rest = static_cast<Reader*>(self)->rest;
    const std::size_t taken = rest.copy(buffer, size * count);
    rest.remove_prefix(taken);
    return taken;
  }
};

/// The command that was sent last: which one a server refused tells whom it refused.
struct Commands {
  bool is_about_recipient = false;

  static int hear(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
    if (type == CURLINFO_HEADER_OUT) {
      static_cast<Commands*>(self)->is_about_recipient = std::string_view{data, size}.starts_with("RCPT TO:");
    }
    return 0;
  }
};

int is_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

bool is_permanent(long reply) { return reply >= 500 && reply < 600; }

}  // namespace

class SmtpClient::Connection {
 public:
  explicit Connection(const SmtpServer& server) : curl_(curl().easy_init()) {
    if (curl_ == nullptr) throw std::bad_alloc{};
    set(CURLOPT_URL, (server.url + "/" + server.own_name).c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(server.is_encrypted ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server.ca_file.empty()) set(CURLOPT_CAINFO, server.ca_file.c_str());
    if (!server.user.empty()) {
      set(CURLOPT_USERNAME, server.user.c_str());
      set(CURLOPT_PASSWORD, std::string{server.password.reveal()}.c_str());
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count()));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, std::max(1L, static_cast<long>(server.timeout.count() / 1000)));
    set(CURLOPT_READFUNCTION, &Reader::read);
    set(CURLOPT_DEBUGFUNCTION, &Commands::hear);
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_XFERINFOFUNCTION, &is_to_stop);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_PROXY, "");  // what the environment says of proxies is about browsing
    set(CURLOPT_ERRORBUFFER, error_.data());
  }
  ~Connection() { curl().easy_cleanup(curl_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  SmtpOutcome send(const SmtpMessage& message, const std::stop_token& stop) {
    Reader reader{message.content};
    Commands commands;
    const std::string from = "<" + std::string{message.from} + ">";
    const std::string to = "<" + std::string{message.to} + ">";
    const std::unique_ptr<curl_slist, ListFree> recipients{curl().slist_append(nullptr, to.c_str())};
    if (recipients == nullptr) throw std::bad_alloc{};
    set(CURLOPT_MAIL_FROM, from.c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_READDATA, &reader);
    set(CURLOPT_DEBUGDATA, &commands);
    set(CURLOPT_XFERINFODATA, &stop);
    error_.front() = '\0';
    const CURLcode result = curl().easy_perform(curl_);
    set(CURLOPT_MAIL_RCPT, nullptr);
    long reply = 0;
    curl().easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &reply);
    if (result == CURLE_OK) return {.kind = SmtpOutcome::Kind::sent, .reply = reply};
    const bool is_refusal = commands.is_about_recipient && is_permanent(reply);
    return {.kind = is_refusal ? SmtpOutcome::Kind::recipient_refused : SmtpOutcome::Kind::failed,
            .reply = reply,
            .reason = error_.front() == '\0' ? curl().easy_strerror(result) : error_.data()};
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl().easy_setopt(curl_, option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc{};
  }

  CURL* curl_;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

std::string problem_with_smtp_url(std::string_view url) {
  const bool has_scheme = url.starts_with("smtp://") || url.starts_with("smtps://");
  if (!has_scheme) return "must begin with smtp:// or smtps://";
  const auto rest = url.substr(url.find("//") + 2);
  if (rest.find('@') != std::string_view::npos) return "names a user: that is mail.user, and mail.password_file";
  const auto host = rest.substr(0, rest.find(':', rest.starts_with('[') ? rest.find(']') : 0));
  if (host.empty() || rest.find_first_of("/?# \\") != std::string_view::npos) return "is not smtp://HOST:PORT";
  if (host.size() == rest.size()) return {};
  const auto port = text::parse_integer(rest.substr(host.size() + 1));
  if (!port || *port < 1 || *port > 65'535) return "has no port from 1 to 65535";
  return {};
}

SmtpClient::SmtpClient(SmtpServer server) : server_(std::move(server)) {}
SmtpClient::~SmtpClient() = default;

std::unique_ptr<SmtpClient::Connection> SmtpClient::take() {
  {
    const std::lock_guard lock{mutex_};
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(server_);
}

void SmtpClient::put_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock{mutex_};
  if (idle_.size() < most_idle) idle_.push_back(std::move(connection));
}

SmtpOutcome SmtpClient::send(const SmtpMessage& message, const std::stop_token& stop) {
  auto connection = take();
  auto outcome = connection->send(message, stop);
  // After a failure nobody knows in what state the other end is.
  if (outcome.kind == SmtpOutcome::Kind::sent) put_back(std::move(connection));
  return outcome;
}

}  // namespace cardea::outbound
