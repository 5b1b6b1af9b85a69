target_compile_definitions(cardea_app PRIVATE CARDEA_VERSION="${PROJECT_VERSION}")
