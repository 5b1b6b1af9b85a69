#include "app/commands.hpp"

#include "app/command_list.hpp"
#include "app/command_tree.hpp"
#include "app/say.hpp"

namespace cardea::app {

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  try {
    CommandList list;
    return end_printing(run_words(list.tree(), {argv + 1, argv + argc}));
  } catch (const std::exception& problem) {
    complain(problem);
    return end_printing(1);
  }
}

}  // namespace cardea::app
