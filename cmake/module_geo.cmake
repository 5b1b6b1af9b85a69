# Countries of addresses. Only geo/country_file includes its header.
pkg_check_modules(maxminddb REQUIRED IMPORTED_TARGET libmaxminddb)
target_link_libraries(cardea_geo PUBLIC PkgConfig::maxminddb)
