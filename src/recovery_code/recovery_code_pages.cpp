#include "encoding/form.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"
#include "recovery_code/recovery_code.hpp"

namespace cardea::recovery_code {
namespace {

constexpr std::string_view own_page = "/account/security/recovery-codes";

struct PageDeps {
  std::shared_ptr<const Deps> codes;
  const page::Pages& pages;
};

/// What the account has.
struct Look {
  authn::FactorState state;
  bool has_factor = false;
};

std::string next_of(const http::Call& call) { return page::safe_next(page::asked_next(call), ""); }

std::string with_next(const http::Call& call) {
  const auto next = next_of(call);
  return std::string{own_page} + (next.empty() ? "" : "?next=" + encoding::percent_encode(next));
}

Result<http::Response> show(const PageDeps& deps, const http::Call& call, const Error* error) {
  const auto& authn = deps.codes->authn;
  const auto look = authn.database.read([&](db::Tx& tx) -> Look {
    return {.state = state(tx, call.account()), .has_factor = authn::find_enrolled(tx, authn, call.account()).any()};
  });
  const auto words = deps.pages.words(call);
  const auto left = look.state.left.value_or(0);
  wire::Object data{{"next", next_of(call)},
                    {"is_possible", look.has_factor && authn.policy.mfa != authn::Mfa::off},
                    {"left", words.counted("account_recovery_codes.left", left)},
                    {"has_some", left > 0},
                    {"were_made", look.state.since.has_value()}};
  if (look.state.since) data.push_back({"made", page::instant(words, *look.state.since)});
  wire::Array list;
  if (const auto codes = find_draft(*deps.codes, call.context)) {
    for (const auto& code : *codes) list.emplace_back(wire::Object{{"code", code}});
  }
  data.push_back({"has_codes", !list.empty()});
  data.push_back({"codes", std::move(list)});
  return page::render_form(deps.pages, call,
                           {.page = "account_recovery_codes", .error = error, .data = std::move(data)});
}

Result<http::Response> post_new(const PageDeps& deps, const http::Call& call) {
  TRY(draft(*deps.codes, call.context));
  return page::redirect(with_next(call));
}

Result<http::Response> post_done(const PageDeps& deps, const http::Call& call) {
  if (page::typed(call.form, "saved") != "on") {
    const Error unsaved{validation_failed,
                        std::vector<FieldError>{{"saved", "codes_unsaved", "Say that you have saved the codes."}}};
    return show(deps, call, &unsaved);
  }
  const auto accepted = accept_draft(*deps.codes, call.context);
  if (!accepted && page::is_beyond_form(accepted.error())) return accepted.error();
  if (!accepted) return show(deps, call, &accepted.error());
  const auto next = next_of(call);
  if (!next.empty() && next != own_page) return page::redirect(next);
  return page::redirect(own_page, "account_recovery_codes.saved");
}

/// A file of what this session is being shown. The server has it, so that no address and no form needs to carry it.
Result<http::Response> download(const PageDeps& deps, const http::Call& call) {
  const auto codes = find_draft(*deps.codes, call.context);
  if (!codes) return page::redirect(own_page);
  http::Response response{.status = 200, .headers = {}, .body = to_text(*codes)};
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.headers.set("Content-Disposition", "attachment; filename=\"recovery-codes.txt\"");
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(std::shared_ptr<const Deps> codes, const page::Pages& all_pages) {
  using http::Lane;
  const PageDeps deps{.codes = std::move(codes), .pages = all_pages};
  std::vector<http::Route> routes;
  http::Routes pages{all_pages.surface(), routes};
  const auto lead_on = [](http::Route& route) { route.query = &http::query_of<page::NextQuery>(); };
  lead_on(pages.get(own_page, Lane::quick, signed_in,
                    [deps](const http::Call& call) { return show(deps, call, nullptr); }));
  lead_on(
      pages.post(own_page, Lane::quick, signed_in, [deps](const http::Call& call) { return post_done(deps, call); }));
  lead_on(pages.post("/account/security/recovery-codes/new", Lane::quick,
                     shown_within(deps.codes->authn.session.recent),
                     [deps](const http::Call& call) { return post_new(deps, call); }));
  pages.get("/account/security/recovery-codes/file", Lane::quick, signed_in,
            [deps](const http::Call& call) { return download(deps, call); });
  return routes;
}

}  // namespace cardea::recovery_code
