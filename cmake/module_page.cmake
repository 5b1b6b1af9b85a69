# Embeds web/ into the program: one .incbin per file and a table of names, so a page or style costs no file at run time.
# Compressed twins of the style and script files are made here, not committed: gzip's output differs between versions.
# web/<folder>: `shared`, and what each feature brings; found, not listed.
file(GLOB page_files RELATIVE ${CMAKE_SOURCE_DIR}/web CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/web/*/*.html ${CMAKE_SOURCE_DIR}/web/*/parts/*.html ${CMAKE_SOURCE_DIR}/web/*/strings/*.json
  ${CMAKE_SOURCE_DIR}/web/dist/*)
list(FILTER page_files EXCLUDE REGEX "^(\\.|node_modules/)")
find_program(GZIP gzip REQUIRED)

set(page_dir ${CMAKE_BINARY_DIR}/page)
file(MAKE_DIRECTORY ${page_dir}/web/dist)
set(page_asm "    .section .rodata\n")
set(page_symbols "")
set(page_rows "")
set(page_depends "")
set(page_index 0)

macro(page_embed name path)
  string(APPEND page_asm "    .balign 16\n    .global cardea_asset_${page_index}\n"
    "    .global cardea_asset_${page_index}_end\ncardea_asset_${page_index}:\n    .incbin \"${path}\"\n"
    "cardea_asset_${page_index}_end:\n    .byte 0\n")
  string(APPEND page_symbols "extern const char cardea_asset_${page_index}[];\n"
    "extern const char cardea_asset_${page_index}_end[];\n")
  string(APPEND page_rows "      {\"${name}\", view(cardea_asset_${page_index}, cardea_asset_${page_index}_end)},\n")
  list(APPEND page_depends ${path})
  math(EXPR page_index "${page_index} + 1")
endmacro()

foreach(file IN LISTS page_files)
  page_embed(${file} ${CMAKE_SOURCE_DIR}/web/${file})
  if(file MATCHES "^dist/.*\\.(css|js|svg)$")
    add_custom_command(OUTPUT ${page_dir}/web/${file}.gz
      COMMAND ${GZIP} -9nc ${CMAKE_SOURCE_DIR}/web/${file} > ${page_dir}/web/${file}.gz
      DEPENDS ${CMAKE_SOURCE_DIR}/web/${file} VERBATIM)
    page_embed(${file}.gz ${page_dir}/web/${file}.gz)
  endif()
endforeach()

string(APPEND page_asm "    .section .note.GNU-stack,\"\",%progbits\n")
set(page_table "#include <array>\n\n#include \"page/page.hpp\"\n\nextern \"C\" {\n${page_symbols}}\n\n"
  "namespace cardea::page {\nnamespace {\n"
  "std::string_view view(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }\n"
  "}  // namespace\n\n"
  "std::span<const Asset> embedded_assets() {\n"
  "  static const std::array<Asset, ${page_index}> table{{\n${page_rows}  }};\n"
  "  return table;\n}\n\n}  // namespace cardea::page\n")
file(CONFIGURE OUTPUT ${page_dir}/assets.S CONTENT "${page_asm}" @ONLY)
file(CONFIGURE OUTPUT ${page_dir}/assets_table.cpp CONTENT "${page_table}" @ONLY)

target_sources(cardea_page PRIVATE ${page_dir}/assets.S ${page_dir}/assets_table.cpp)
# The assembler does not report .incbin as a dependency.
set_source_files_properties(${page_dir}/assets.S PROPERTIES OBJECT_DEPENDS "${page_depends}")
