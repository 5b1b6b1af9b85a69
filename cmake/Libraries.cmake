# Debian packages, and which module may see which. Only these modules' sources include their headers.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 EXACT REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl>=7.88)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(fmt REQUIRED IMPORTED_TARGET fmt)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc)

set(libraries_base Threads::Threads PkgConfig::fmt)
# Of ICU's two libraries the other is loaded when it is needed (encoding/confusable.cpp).
set(libraries_encoding Boost::headers PkgConfig::icu ${CMAKE_DL_LIBS})
set(libraries_crypto OpenSSL::Crypto)  # libsodium: module_crypto.cmake
set(libraries_config PkgConfig::tomlplusplus)
# Its headers alone: the library itself is loaded when it is needed (db/postgres_library.cpp).
add_library(cardea_pq_headers INTERFACE)
target_include_directories(cardea_pq_headers SYSTEM INTERFACE ${pq_INCLUDE_DIRS})
set(libraries_db PkgConfig::sqlite cardea_pq_headers ${CMAKE_DL_LIBS})
set(libraries_edge Boost::headers OpenSSL::SSL OpenSSL::Crypto PkgConfig::nghttp2)
# Its headers alone, likewise (outbound/curl_library.cpp).
add_library(cardea_curl_headers INTERFACE)
target_include_directories(cardea_curl_headers SYSTEM INTERFACE ${curl_INCLUDE_DIRS})
# Its checks of types are macros around the names that are looked up.
target_compile_definitions(cardea_curl_headers INTERFACE CURL_DISABLE_TYPECHECK)
set(libraries_outbound cardea_curl_headers resolv ${CMAKE_DL_LIBS})  # of glibc: ns_parserr
set(libraries_password zxcvbn)
