# How everything is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(
  $<$<COMPILE_LANGUAGE:CXX>:-Wall> $<$<COMPILE_LANGUAGE:CXX>:-Wextra> $<$<COMPILE_LANGUAGE:CXX>:-Werror>
  $<$<COMPILE_LANGUAGE:CXX>:-Wshadow> $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>
  $<$<COMPILE_LANGUAGE:CXX>:-Wimplicit-fallthrough> $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-designated-field-initializers>
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fstack-protector-strong>)
add_link_options(-fuse-ld=lld -Wl,-z,relro -Wl,-z,now)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  # A small program: what is read at the start and stays in memory is most of what an idle server takes.
  string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
  add_link_options(-Wl,--gc-sections -Wl,--icf=safe)
  add_compile_options(-ffunction-sections -fdata-sections)
  # ThinLTO: functions are inlined across sources. What a link has compiled is kept for the next one.
  if(CARDEA_LTO)
    string(REGEX MATCH "^[0-9]+" clang_major "${CMAKE_CXX_COMPILER_VERSION}")
    find_program(LLVM_AR llvm-ar-${clang_major} REQUIRED)  # an older one does not read what this compiler writes
    find_program(LLVM_RANLIB llvm-ranlib-${clang_major} REQUIRED)
    set(CMAKE_AR ${LLVM_AR})
    set(CMAKE_RANLIB ${LLVM_RANLIB})
    add_compile_options(-flto=thin)
    add_link_options(-flto=thin -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto -Wl,-mllvm,-import-instr-limit=30)
  endif()
else()
  # Debug builds are for sanitizers and tests: line tables are enough and link much faster.
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -gline-tables-only -fno-omit-frame-pointer")
endif()
if(CARDEA_SANITIZE)
  add_compile_options(-fsanitize=${CARDEA_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CARDEA_SANITIZE})
endif()
if(CARDEA_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
if(CARDEA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# A library of the rooms need not wait for the libraries it is linked with.
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)
