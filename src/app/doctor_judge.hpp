#pragma once
// What answers mean: to the doctor's questions by the public address and by the server's own. Pure.

#include <optional>
#include <string>

#include "app/doctor_view.hpp"
#include "app/surroundings.hpp"
#include "edge/ask.hpp"

namespace cardea::app {

/// The view of itself that a server put into an answer; absent when it is no such answer.
[[nodiscard]] std::optional<Seen> seen_in(const edge::Answer& answer);

/// Of GET /healthz by `server.listen`.
void judge_own(const Settings& settings, const edge::Answer& answer, Findings& found);
/// Of GET /readyz by `server.listen`.
void judge_readiness(const edge::Answer& answer, Findings& found);
/// Of GET /healthz by `url`; `own_works`: by `server.listen` there was an answer.
void judge_public(const Settings& settings, const edge::Answer& answer, bool own_works, Time now, Findings& found);
/// Of what the server saw of the doctor's request by `url`; `own_address` is the doctor's end of that connection.
void judge_view(const Settings& settings, const Seen& seen, const std::string& own_address, Findings& found);

}  // namespace cardea::app
