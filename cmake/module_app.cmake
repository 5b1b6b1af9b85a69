target_compile_definitions(cardea_app PRIVATE CARDEA_VERSION="${PROJECT_VERSION}")

# `cardea init` writes the packaged unit, with the paths of the instance.
set(packaged_unit ${CMAKE_SOURCE_DIR}/packaging/systemd/cardea.service)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${packaged_unit})
file(READ ${packaged_unit} packaged_unit_text)
configure_file(cmake/packaged_unit.cpp.in ${CMAKE_BINARY_DIR}/generated/packaged_unit.cpp @ONLY)
target_sources(cardea_app PRIVATE ${CMAKE_BINARY_DIR}/generated/packaged_unit.cpp)
