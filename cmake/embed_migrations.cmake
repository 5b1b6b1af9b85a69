# Writes OUT, a C++ source with the text of the files listed in the file LIST. Run with cmake -P.
file(STRINGS ${LIST} files)
set(entries "")
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME)
  file(READ ${path} sql)
  string(APPEND entries "    Migration{\"${name}\", R\"sql~(${sql})sql~\"},\n")
endforeach()
file(WRITE ${OUT}.new
"// Generated from migrations/*.sql.
#include <vector>

#include \"db/migrate.hpp\"

namespace cardea::db {

std::span<const Migration> embedded_migrations() {
  static constexpr std::initializer_list<Migration> migrations = {
${entries}  };
  return {migrations.begin(), migrations.size()};
}

}  // namespace cardea::db
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
