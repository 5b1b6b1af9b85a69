# libsodium as an archive, so that its calls of mmap and munmap can be led to crypto/argon2_memory.cpp.
find_library(SODIUM_ARCHIVE libsodium.a REQUIRED)
target_include_directories(cardea_crypto PUBLIC ${sodium_INCLUDE_DIRS})
target_link_libraries(cardea_crypto PUBLIC ${SODIUM_ARCHIVE})
target_link_options(cardea_crypto PUBLIC LINKER:--wrap=mmap,--wrap=munmap)
