#include "edge/ask.hpp"

#include <openssl/x509v3.h>

#include <boost/asio/connect.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>

#include "crypto/owner.hpp"
#include "edge/asio.hpp"
#include "edge/endpoint.hpp"

namespace cardea::edge {
namespace {

namespace beast_http = boost::beast::http;
using Resolver = asio::ip::basic_resolver<Tcp, Executor>;
using Certificate = crypto::Owner<X509, X509_free>;

constexpr std::uint64_t longest_body = 64 * 1024;

/// The parts of "https://host:port", which has been found to be an origin before.
struct Place {
  bool uses_tls = false;
  std::string authority;
  std::string host;  // without the brackets of IPv6
  std::string port;
};

Place place_of(const std::string& origin) {
  Place place{.uses_tls = origin.starts_with("https://")};
  place.authority = origin.substr(std::min(origin.size(), origin.find("://") + 3));
  const auto bracket = place.authority.find(']');
  const auto colon = place.authority.find(':', bracket == std::string::npos ? 0 : bracket);
  place.host = place.authority.substr(0, colon);
  if (bracket != std::string::npos) place.host = place.authority.substr(1, bracket - 1);
  place.port = colon == std::string::npos ? (place.uses_tls ? "443" : "80") : place.authority.substr(colon + 1);
  return place;
}

std::string head_of(const Question& question, const Place& place) {
  std::string head = "GET " + question.path + " HTTP/1.1\r\nHost: " + place.authority +
                     "\r\nUser-Agent: cardea-doctor\r\nAccept: application/json, text/plain\r\nConnection: close\r\n";
  for (const http::Header& field : question.headers.fields()) {
    head.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  return head + "\r\n";
}

template <class Stream>
Task<void> talk(Stream& stream, const std::string& head, Answer& answer) {
  answer.stage = Stage::answer;
  error_code error;
  const auto request = asio::buffer(head);
  co_await asio::async_write(stream, request, into(error));
  if (error) {
    answer.problem = error.message();
    co_return;
  }
  boost::beast::flat_buffer buffer;
  beast_http::response_parser<beast_http::string_body> parser;
  parser.body_limit(longest_body);
  co_await beast_http::async_read(stream, buffer, parser, into(error));
  if (error) {
    answer.problem =
        error == beast_http::error::end_of_stream ? "the connection was closed without an answer" : error.message();
    co_return;
  }
  auto& message = parser.get();
  answer.status = static_cast<int>(message.result_int());
  for (const auto& field : message) answer.headers.add(field.name_string(), field.value());
  answer.body = std::move(message.body());
  answer.stage = Stage::done;
}

/// Asks for a certificate of the host; an address is checked as one.
void expect_host(SSL* ssl, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1) return;
  SSL_set1_host(ssl, host.c_str());
  SSL_set_tlsext_host_name(ssl, host.c_str());
}

Task<void> talk_tls(TlsStream& stream, const Question& question, const Place& place, Answer& answer) {
  answer.stage = Stage::handshake;
  SSL* ssl = stream.native_handle();
  expect_host(ssl, place.host);
  error_code error;
  co_await stream.async_handshake(TlsStream::client, into(error));
  if (error) {
    answer.problem = error.message();
    co_return;
  }
  const Certificate certificate{SSL_get1_peer_certificate(ssl)};
  if (certificate) answer.certificate = facts_of(*certificate, place.host);
  const long verdict = SSL_get_verify_result(ssl);
  if (question.checks_certificate && verdict != X509_V_OK) {
    answer.problem = X509_verify_cert_error_string(verdict);
    co_return;
  }
  const std::string head = head_of(question, place);
  co_await talk(stream, head, answer);
}

/// Where to connect to; `answer` says why there is no such place.
Task<std::vector<Tcp::endpoint>> look_up(asio::io_context& context, const Question& question, const Place& place,
                                         Answer& answer) {
  std::vector<Tcp::endpoint> endpoints;
  if (!question.connect_to.empty()) {
    if (const auto endpoint = parse_endpoint(question.connect_to)) endpoints.push_back(*endpoint);
    if (endpoints.empty()) answer.problem = "it is no address and port";
    co_return endpoints;
  }
  Resolver resolver{context.get_executor()};
  error_code error;
  const auto found = co_await resolver.async_resolve(place.host, place.port, into(error));
  if (error) answer.problem = error.message();
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

Task<void> ask_once(asio::io_context& context, const Question& question, Answer& answer) {
  const Place place = place_of(question.origin);
  const auto endpoints = co_await look_up(context, question, place, answer);
  if (endpoints.empty()) co_return;
  answer.stage = Stage::connect;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  error_code error;
  tls.set_default_verify_paths(error);  // where there are none, no certificate is good
  // Goes on whatever it finds, so that the certificate can be told of; it is judged before anything is sent.
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.set_verify_callback([](bool, asio::ssl::verify_context&) { return true; });
  TlsStream stream{context, tls};
  Socket& socket = stream.next_layer();
  co_await asio::async_connect(socket, endpoints, into(error));
  if (error) {
    answer.problem = error.message();
    co_return;
  }
  answer.own_address = address_text(socket.local_endpoint(error));
  const auto preamble = asio::buffer(question.preamble);
  if (!question.preamble.empty()) co_await asio::async_write(socket, preamble, into(error));
  if (place.uses_tls) {
    co_await talk_tls(stream, question, place, answer);
  } else {
    const std::string head = head_of(question, place);
    co_await talk(socket, head, answer);
  }
}

}  // namespace

Answer ask(const Question& question) {
  Answer answer;
  std::exception_ptr failure;
  bool is_over = false;
  asio::io_context context{1};
  const auto end = [&](std::exception_ptr thrown) {
    failure = thrown;
    is_over = true;
  };
  asio::co_spawn(context, ask_once(context, question, answer), end);
  context.run_for(question.patience);
  if (failure) std::rethrow_exception(failure);
  if (!is_over) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(question.patience).count();
    answer.problem = "nothing came within " + std::to_string(seconds) + " seconds";
  }
  return answer;
}

}  // namespace cardea::edge
