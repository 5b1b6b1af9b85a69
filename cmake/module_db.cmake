# The program carries its migrations, in the order of their names.
file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
list(SORT migrations)
set(generated ${CMAKE_BINARY_DIR}/generated)
list(JOIN migrations "\n" migration_lines)
file(GENERATE OUTPUT ${generated}/migrations.txt CONTENT "${migration_lines}\n")
add_custom_command(
  OUTPUT ${generated}/embedded_migrations.cpp
  COMMAND ${CMAKE_COMMAND} -DLIST=${generated}/migrations.txt -DOUT=${generated}/embedded_migrations.cpp
          -P ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
  DEPENDS ${migrations} ${generated}/migrations.txt ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
  VERBATIM)
target_sources(cardea_db PRIVATE ${generated}/embedded_migrations.cpp)

# SQL that must not compile, and the same file without the mistake, which must.
set(check_sql ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${CMAKE_SOURCE_DIR}/src
    ${CMAKE_SOURCE_DIR}/tests/compile_fail/sql.cpp)
add_test(NAME sql_literal_compiles COMMAND ${check_sql})
foreach(mistake run_time_text;too_few_arguments;too_many_arguments;gap_in_numbers;tx_execute)
  add_test(NAME sql_${mistake}_does_not_compile COMMAND ${check_sql} -D${mistake})
endforeach()
set_tests_properties(sql_run_time_text_does_not_compile PROPERTIES PASS_REGULAR_EXPRESSION
  "Sql<>::Sql. is not a constant expression")
set_tests_properties(
  sql_too_few_arguments_does_not_compile sql_too_many_arguments_does_not_compile sql_gap_in_numbers_does_not_compile
  PROPERTIES PASS_REGULAR_EXPRESSION "sql_has_another_number_of_parameters_than_arguments")
set_tests_properties(sql_tx_execute_does_not_compile PROPERTIES PASS_REGULAR_EXPRESSION "is a (protected|private) member")
