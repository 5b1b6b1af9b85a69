#include "config/service_variable.hpp"

#include <gtest/gtest.h>

namespace cardea::config {
namespace {

struct Case {
  const char* name;
  const char* value;
};

TEST(ServiceVariable, those_of_a_service_of_our_name_are_known) {
  for (const auto& [name, value] : {
           Case{"CARDEA_SERVICE_HOST", "10.96.7.12"},
           Case{"CARDEA_SERVICE_HOST", "fd00::7"},
           Case{"CARDEA_SERVICE_PORT", "8025"},
           Case{"CARDEA_SERVICE_PORT_HTTP", "8025"},
           Case{"CARDEA_SERVICE_PORT_HTTP_METRICS", "9464"},
           Case{"CARDEA_PORT", "tcp://10.96.7.12:8025"},
           Case{"CARDEA_PORT", "udp://[fd00::7]:8025"},
           Case{"CARDEA_PORT_8025_TCP", "tcp://10.96.7.12:8025"},
           Case{"CARDEA_PORT_8025_TCP_PROTO", "tcp"},
           Case{"CARDEA_PORT_8025_TCP_PORT", "8025"},
           Case{"CARDEA_PORT_8025_TCP_ADDR", "10.96.7.12"},
           Case{"CARDEA_PORT_53_UDP", "udp://10.96.7.12:53"},
           Case{"CARDEA_PORT_9_SCTP_PROTO", "sctp"},
           Case{"CARDEA_NAME", "/web/cardea"},             // Docker
           Case{"CARDEA_ENV_PATH", "/usr/bin:/bin"},       // Docker
           Case{"CARDEA_WEB_SERVICE_HOST", "10.96.7.12"},  // a Service called cardea-web
           Case{"CARDEA_WEB_PORT", "tcp://10.96.7.12:443"},
           Case{"CARDEA_WEB_PORT_443_TCP_ADDR", "10.96.7.12"},
           Case{"CARDEA_SERVICE_PORT_SERVICE_PORT", "80"},
       }) {
    EXPECT_TRUE(is_service_variable(name, value)) << name << "=" << value;
  }
}

TEST(ServiceVariable, a_setting_that_was_misspelt_is_none) {
  for (const auto& [name, value] : {
           Case{"CARDEA_PORT", "8025"},
           Case{"CARDEA_PORT", ""},
           Case{"CARDEA_SERVICE", "x"},
           Case{"CARDEA_SERVICE_HOST", "auth.example.com"},
           Case{"CARDEA_SERVICE_PORT", "http"},
           Case{"CARDEA_SERVICE_PORTS", "80"},
           Case{"CARDEA_PORT_8025", "tcp://10.96.7.12:8025"},
           Case{"CARDEA_PORT_HTTP_TCP", "tcp://10.96.7.12:8025"},
           Case{"CARDEA_PORT_8025_TCP_NAME", "x"},
           Case{"CARDEA_SERVER_LISTEN", "127.0.0.1:8025"},
           Case{"CARDEA_URL", "tcp://10.96.7.12:8025"},
           Case{"OTHER_SERVICE_HOST", "10.96.7.12"},
       }) {
    EXPECT_FALSE(is_service_variable(name, value)) << name << "=" << value;
  }
}

}  // namespace
}  // namespace cardea::config
