#include "app/command_list.hpp"

namespace cardea::app {

CommandText CommandList::proxy() {
  CommandText proxy{.name = "proxy", .what = "Print a configuration of the proxy before this instance"};
  proxy.examples = {{"cardea proxy nginx >/etc/nginx/conf.d/cardea.conf", "As the settings of this instance say"},
                    {"cardea proxy caddy --protect app.example.com", "And an application, for who is signed in"}};
  for (const auto& name : known_proxies()) {
    proxy.below.push_back(
        {.name = name,
         .what = "Print the configuration of " + name,
         .parameters = joined({{.name = "--protect",
                                .value = "HOST",
                                .what = "An application behind the proxy, for who is signed in: app.example.com",
                                .into = &proxy_order_.protect},
                               {.name = "--application",
                                .value = "HOST:PORT",
                                .what = "Where that application listens (127.0.0.1:9000)",
                                .into = &proxy_order_.application},
                               {.name = "--certificate",
                                .value = "FILE",
                                .what = "The certificate, as the proxy reads it",
                                .into = &proxy_order_.certificate},
                               {.name = "--key", .value = "FILE", .what = "Its key", .into = &proxy_order_.key}},
                              database_options()),
         .examples = {{"cardea proxy " + name + " --config /etc/cardea/cardea.toml", "By these settings"}},
         .run = [this, name] {
           proxy_order_.proxy = name;
           return print_proxy(located(), proxy_order_);
         }});
  }
  return proxy;
}

CommandText CommandList::init_files() {
  auto& order = init_order_;
  const std::vector<Parameter> answers{
      {.name = "--url", .value = "URL", .what = "The address that people will use", .into = &order.url},
      {.name = "--database",
       .value = "ADDRESS",
       .what = "sqlite:PATH or postgres://HOST/NAME (a SQLite file)",
       .into = &order.database},
      {.name = "--proxy",
       .value = "NAME",
       .what = "What stands before it: nginx, caddy, haproxy, traefik or none",
       .into = &order.proxy,
       .choices = {"nginx", "caddy", "haproxy", "traefik", "none"}},
      {.name = "--to", .value = "FOLDER", .what = "Where the files go (/etc/cardea)", .into = &order.folder}};
  const std::vector<Parameter> more{
      {.name = "--listen",
       .value = "PLACE",
       .what = "Where the server listens behind the proxy: HOST:PORT or unix:/PATH (127.0.0.1:8025)",
       .into = &order.listen},
      {.name = "--certificate",
       .value = "FILE",
       .what = "The certificate, of the proxy or of the server itself",
       .into = &order.certificate},
      {.name = "--key", .value = "FILE", .what = "Its key", .into = &order.key},
      {.name = "--protect",
       .value = "HOST",
       .what = "An application behind the proxy, for who is signed in",
       .into = &order.protect},
      {.name = "--application",
       .value = "HOST:PORT",
       .what = "Where that listens (127.0.0.1:9000)",
       .into = &order.application},
      {.name = "--force", .value = {}, .what = "Write over what is there, but for the secret", .into = &force_},
      {.name = "--no-input", .value = {}, .what = "Never ask; say which option is missing", .into = &manner_.no_input}};
  return {.name = "init",
          .what = "Write the files of a production server, and say what is left to be done",
          .parameters = joined(answers, more),
          .examples = {{"cardea init", "Asks for address, database, proxy and folder"},
                       {"cardea init --no-input --url https://auth.example.com --proxy caddy --to /etc/cardea",
                        "The same for a script"}},
          .run = [this] { return init(init_order_, manner_, force_); }};
}

}  // namespace cardea::app
