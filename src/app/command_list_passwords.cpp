#include "app/command_list.hpp"

namespace cardea::app {

CommandText CommandList::password_list() {
  CommandText list{.name = "password-list", .what = "The list of leaked passwords, which nobody can choose"};
  list.below = {
      {.name = "import",
       .what = "Make it of Have I Been Pwned's SHA-1 list, beside running servers",
       .parameters =
           joined({{.name = "FILE",
                    .value = {},
                    .what = "The file ordered by hash, a folder with a file for each range, or - for standard input",
                    .into = &password_list_order_.place,
                    .is_required = true},
                   {.name = "--to",
                    .value = "FILE",
                    .what = "Where the list is to be (password.breached_file, or beside the SQLite database)",
                    .into = &password_list_order_.to},
                   progress_option()},
                  database_options()),
       .examples = {{"cardea password-list import pwned-passwords-sha1-ordered-by-hash.txt", "A billion in minutes"},
                    {"unzip -p pwned.zip | cardea password-list import -", "Without room for the text"}},
       .run = [this] { return password_list_import(located(), password_list_order_); }}};
  return list;
}

}  // namespace cardea::app
