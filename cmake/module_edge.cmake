# Asio and Beast take seconds to parse: once, as a precompiled header. Its timestamp is left out so that ccache may
# keep what is compiled with it (together with CCACHE_SLOPPINESS=pch_defines,time_macros).
target_precompile_headers(cardea_edge PRIVATE src/edge/asio.hpp)
target_compile_options(cardea_edge PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
target_compile_definitions(cardea_edge PRIVATE BOOST_ASIO_NO_DEPRECATED)
