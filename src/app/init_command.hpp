#pragma once
// `cardea init`: from four answers to the files of a production server.

#include "app/init_plan.hpp"
#include "app/talk.hpp"

namespace cardea::app {

/// What of the order was not said is asked on a terminal; elsewhere, and with `no_input`, what has no default is
/// missing. Writes nothing over what is there unless `force`; the secret never. Prints the checklist. Returns the exit
/// code: 5 when something is there, 6 when a part was written.
int init(InitOrder order, const Manner& manner, bool force);

}  // namespace cardea::app
