#include "app/commands.hpp"

int main(int argc, char** argv) { return cardea::app::main(argc, argv); }
