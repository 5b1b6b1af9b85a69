#pragma once
// Commands that print what the program knows of itself or its data, and end.

#include <string>

#include "app/serve.hpp"

namespace cardea::app {

int print_openapi(const Options& options);
int print_routes(const Options& options);
int print_errors(const Options& options);
int config_check(const Options& options);
int config_show(const Options& options, bool defaults_too);
int config_schema();
int config_reference();
int secret_generate();
int migrate_up(const Options& options);
int migrate_status(const Options& options);

}  // namespace cardea::app
