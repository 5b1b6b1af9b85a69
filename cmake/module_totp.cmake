# QR codes. Only totp/qr_code.cpp includes its header.
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
target_link_libraries(cardea_totp PUBLIC PkgConfig::qrencode)
