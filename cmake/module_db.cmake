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

# What must not compile, and the same file without the mistake, which must.
function(cardea_does_not_compile file mistake message)
  add_test(NAME ${file}_${mistake}_does_not_compile COMMAND ${check_${file}} -D${mistake})
  set_tests_properties(${file}_${mistake}_does_not_compile PROPERTIES PASS_REGULAR_EXPRESSION "${message}")
endfunction()
foreach(file sql select)
  set(check_${file} ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${CMAKE_SOURCE_DIR}/src
      ${CMAKE_SOURCE_DIR}/tests/compile_fail/${file}.cpp)
  add_test(NAME ${file}_literal_compiles COMMAND ${check_${file}})
endforeach()

cardea_does_not_compile(sql run_time_text "Sql<>::Sql. is not a constant expression")
foreach(mistake too_few_arguments too_many_arguments gap_in_numbers)
  cardea_does_not_compile(sql ${mistake} "sql_has_another_number_of_parameters_than_arguments")
endforeach()
cardea_does_not_compile(sql tx_execute "is a (protected|private) member")
cardea_does_not_compile(sql read_that_writes "a_statement_that_reads_begins_with_select")
cardea_does_not_compile(sql topic_at_run_time "Topic::Topic. is not a constant expression")
cardea_does_not_compile(sql topic_of_other_characters "a_topic_is_a_literal_of_1_to_40_lower_case_letters")
cardea_does_not_compile(sql handler_that_throws "a handler is noexcept")

cardea_does_not_compile(select run_time_fragment "Fragment<>::Fragment. is not a constant expression")
cardea_does_not_compile(select run_time_text "SelectText<>::SelectText. is not a constant expression")
cardea_does_not_compile(select run_time_columns "Columns::Columns. is not a constant expression")
foreach(mistake too_few_arguments too_many_arguments open_quote broken_out_of_parentheses second_statement comment)
  cardea_does_not_compile(select ${mistake} "fragment_is_not_whole_or_has_another_number_of_places_than_arguments")
endforeach()
foreach(mistake text_with_a_condition text_that_deletes)
  cardea_does_not_compile(select ${mistake} "a_select_begins_with_select_and_leaves_its_clauses_to_be_added")
endforeach()
cardea_does_not_compile(select columns_with_a_direction "columns_are_plain_names_with_a_comma_and_a_blank_between")
