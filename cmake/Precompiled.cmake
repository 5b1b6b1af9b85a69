# Headers of the system that many sources read, parsed once per build and not once per source. A source includes what it
# uses all the same: the release build and clang-tidy have no precompiled header (but Asio's, in the release build).
#
# CMake's own precompiled headers name the checkout they were made in, so ccache could not use in one checkout, or in
# the copies below build/, what another has compiled. These are the same bytes everywhere: only headers of the system
# are read, and no timestamp is kept. (ccache also needs CCACHE_SLOPPINESS=pch_defines,time_macros.)

set(CARDEA_PRECOMPILED "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  set(CARDEA_PRECOMPILED asio)
  if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    list(APPEND CARDEA_PRECOMPILED standard test)
  endif()
endif()

# Tests have no use for the optimizer: they compile in a third of the time without it.
set(CARDEA_TEST_OPTIONS -DGTEST_HAS_PTHREAD=1 -fPIE)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND CARDEA_TEST_OPTIONS -O0)
endif()

set(CARDEA_PRECOMPILED_FOLDER ${CMAKE_BINARY_DIR}/precompiled)
if(CARDEA_PRECOMPILED)
  add_subdirectory(cmake/precompiled precompiled)
endif()

# cardea_use_precompiled(<target> <name> <source…>)
function(cardea_use_precompiled target name)
  if(NOT name IN_LIST CARDEA_PRECOMPILED)
    return()
  endif()
  set(file ${CARDEA_PRECOMPILED_FOLDER}/${name}.pch)
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include-pch ${file}>")
  set_property(SOURCE ${ARGN} APPEND PROPERTY OBJECT_DEPENDS ${file})
endfunction()

function(cardea_compile_as_tests target)
  target_compile_options(${target} PRIVATE ${CARDEA_TEST_OPTIONS})
  cardea_use_precompiled(${target} test ${ARGN})
endfunction()
