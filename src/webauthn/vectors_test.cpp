// Test vectors of the specification: WebAuthn Level 3 §16.2 (none), §16.3 (packed, self), §16.4 (crossOrigin), §16.7
// and §16.11 (packed with a certificate, of ES256 and Ed25519 credentials).

#include <gtest/gtest.h>

#include "encoding/base64.hpp"
#include "webauthn/webauthn.hpp"

namespace cardea::webauthn {
namespace {

const RelyingParty example{.id = "example.org", .origins = {"https://example.org"}};

Bytes hex(std::string_view text) { return encoding::parse_hex(text).value(); }

/// As the vectors write it; `extra` is the random part of their additional member, empty when it is not there.
Bytes client_data(std::string_view type, std::string_view challenge, std::string_view extra,
                  std::string_view cross_origin = "false") {
  std::string json = R"({"type":")" + std::string{type} + R"(","challenge":")" + encoding::base64url(hex(challenge)) +
                     R"(","origin":"https://example.org","crossOrigin":)" + std::string{cross_origin};
  if (!extra.empty()) {
    json += R"(,"extraData":"clientDataJSON may be extended with additional fields in the future, such as this: )" +
            std::string{extra} + "\"";
  }
  return to_bytes(json + "}");
}

struct Vector {
  const char* name;
  const char* credential_id;
  const char* create_challenge;
  const char* create_extra;
  const char* attestation_object;
  const char* get_challenge;
  const char* get_extra;
  const char* authenticator_data;
  const char* signature;
  Attestation attestation;
  crypto::Algorithm algorithm;
};

const Vector vectors[] = {
    {.name = "16.2",
     .credential_id = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
     .create_challenge = "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
     .create_extra = "BkQeDjdcTBrXBiAwJTLE5Q",
     .attestation_object =
         "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd4"
         "6592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579b"
         "a6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f"
         "26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
     .get_challenge = "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
     .get_extra = "",
     .authenticator_data = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
     .signature = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174"
                  "f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
     .attestation = Attestation::none,
     .algorithm = crypto::Algorithm::es256},
    {.name = "16.3",
     .credential_id = "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
     .create_challenge = "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
     .create_extra = "U9hTXvKE2URkMnb_0xYHVg",
     .attestation_object =
         "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120"
         "031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d6861"
         "7574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6a"
         "fbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca501020326200121"
         "5820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f"
         "61f13bfd44119c325d5896e183fee484f2",
     .get_challenge = "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
     .get_extra = "gTb53rz6EhSWomXGzimC1Q",
     .authenticator_data = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
     .signature = "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b9"
                  "9772b7efd95994a83ef584b3b6b825ea3550251b66",
     .attestation = Attestation::self,
     .algorithm = crypto::Algorithm::es256},
    {.name = "16.7",
     .credential_id = "c9a6f5b3462d02873fea0c56862234f99f081728084e511bb7760201a89054a5",
     .create_challenge = "c1184a5fddf8045e13dc47f54b61f5a656b666b59018f16d870e9256e9952012",
     .create_extra = "9a8bNYjKCgWrBXU-fCl1ag",
     .attestation_object =
         "a363666d74667061636b65646761747453746d74a363616c6726637369675847304502203f19ec4b229f46ab8c45eff29b904ff1"
         "0c0390dc40bf1216f04a78f4ceba3425022100fe7041a32759aff05a0f9f26c70a999c7a284451ba89234a1d3483c25e21925b63"
         "7835638159022530820221308201c8a00302010202110088c220f83c8ef1feafe94deae45faad0300a06082a8648ce3d04030230"
         "62311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a0c035733433125302306"
         "0355040b0c1c41757468656e74696361746f72204174746573746174696f6e204341310b30090603550406130241413020170d32"
         "34303130313030303030305a180f33303234303130313030303030305a305f311e301c06035504030c15576562417574686e2074"
         "65737420766563746f7273310c300a060355040a0c0357334331223020060355040b0c1941757468656e74696361746f72204174"
         "746573746174696f6e310b30090603550406130241413059301306072a8648ce3d020106082a8648ce3d03010703420004a91ba4"
         "389409dd38a428141940ca8feb1ac0d7b4350558104a3777a49322f3798440f378b3398ab2d3bb7bf91322c92eb23556f59ad0a8"
         "36fec4c7663b0e4dc3a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020780301d0603551d0e0416"
         "0414a589ba72d060842ab11f74fb246bdedab16f9b9b301f0603551d2304183016801445aff715b0dd786741fee996ebc16547a3"
         "931b1e300a06082a8648ce3d040302034700304402201726b9d85ecd8a5ed51163722ca3a20886fd9b242a0aa0453d442116075d"
         "efd502207ef471e530ac87961a88a7f0d0c17b091ffc6b9238d30f79f635b417be5910e768617574684461746158a4bfabc37432"
         "958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b54d00000000876ca4f52071c3e9b25509ef2cdf7ed60020c9a6"
         "f5b3462d02873fea0c56862234f99f081728084e511bb7760201a89054a5a50102032620012158201cf27f25da591208a4239c2e"
         "324f104f585525479a29edeedd830f48e77aeae522582059e4b7da6c0106e206ce390c93ab98a15a5ec3887e57f0cc2bece803b9"
         "20c423",
     .get_challenge = "b1106fa46a57bef1781511c0557dc898a03413d5f0f17d244630c194c7e1adb5",
     .get_extra = "AZMwyMxIbD8-uguFNp6r8Q",
     .authenticator_data = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50d00000000",
     .signature = "30450220694969d3ee928de6f02ef23a9c644d7d779916451734a94b432542f498a1ebe90221008b0819c824218a97152c"
                  "d099c55bfb1477b29d900a49a64018314f9bfccda163",
     .attestation = Attestation::certificate,
     .algorithm = crypto::Algorithm::es256},
    {.name = "16.11",
     .credential_id = "ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bd",
     .create_challenge = "a8abf9dabdc6b0df63466b39bda9e8a34a34e185337a59f1c579990676d3b3bd",
     .create_extra = "B_DT5g7ZD_-9OTLYX5IvEQ",
     .attestation_object =
         "a363666d74667061636b65646761747453746d74a363616c67266373696758483046022100d83f60bd80269537583218858aefb0"
         "3ac57d45fa06e42feaae332d187f62da9f022100a02bd3cb6f7e1d283c93bad1f3f4b5a4c0494463da7fdbf256949116754d1f17"
         "637835638159022730820223308201c8a003020102021100b2cfc9ea33c8643b0e1a760463eaf164300a06082a8648ce3d040302"
         "3062311e301c06035504030c15576562417574686e207465737420766563746f7273310c300a060355040a0c0357334331253023"
         "060355040b0c1c41757468656e74696361746f72204174746573746174696f6e204341310b30090603550406130241413020170d"
         "3234303130313030303030305a180f33303234303130313030303030305a305f311e301c06035504030c15576562417574686e20"
         "7465737420766563746f7273310c300a060355040a0c0357334331223020060355040b0c1941757468656e74696361746f722041"
         "74746573746174696f6e310b30090603550406130241413059301306072a8648ce3d020106082a8648ce3d03010703420004dd2b"
         "7a564b73b8c0b81c4c62e521925c4d1198ec9f583dbf1eebe364b65cd9c29a9bdf346aaa81fb6b9507e5249a52fdaf8e39e26b0b"
         "7dc45992a7e233b70f70a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020780301d0603551d0e04"
         "1604140ae27546bc7eccb1b4b597bd354f0c0b1f1f8f8e301f0603551d2304183016801445aff715b0dd786741fee996ebc16547"
         "a3931b1e300a06082a8648ce3d0403020349003046022100a0d434ecb5fc3bfd7da5f41904517ad2836249f561bd834ba7a438a8"
         "ab7a4ce8022100fac845bb7a02513b58e9f319654dbe49b0f02b95835bac568c71f8a18cdde9ab6861757468446174615881bfab"
         "c37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b54100000000d5aa33581e8ca478e20fe713f5d32ff200"
         "20ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bda401010327200621582044e06ddd331c36a8dc"
         "667bab52bcae63486c916aa5e339e6acebaa84934bf832",
     .get_challenge = "895957e01c633a698348a2d8a31a54b7db27e8c1c43b2080d79ae2190267bfd2",
     .get_extra = "",
     .authenticator_data = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50100000000",
     .signature = "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cfdfc48f85393bc0d40b011f0d6fecb097d6"
                  "607525713223a0dc0d453993dae00b",
     .attestation = Attestation::certificate,
     .algorithm = crypto::Algorithm::eddsa},
};

TEST(Vectors, of_the_specification_verify) {
  for (const auto& vector : vectors) {
    SCOPED_TRACE(vector.name);
    const auto challenge = encoding::base64url(hex(vector.create_challenge));
    const Registration made{.id = hex(vector.credential_id),
                            .client_data = client_data("webauthn.create", vector.create_challenge, vector.create_extra),
                            .attestation_object = hex(vector.attestation_object)};
    const auto credential = verify_registration(made, example, challenge, {});
    ASSERT_TRUE(credential) << credential.error().detail;
    EXPECT_EQ(credential->attestation, vector.attestation);
    EXPECT_EQ(credential->algorithm, vector.algorithm);
    EXPECT_EQ(credential->id, made.id);

    const Known known{
        .id = credential->id, .public_key = credential->public_key, .backup_eligible = credential->backup_eligible};
    const Assertion shown{.id = known.id,
                          .client_data = client_data("webauthn.get", vector.get_challenge, vector.get_extra),
                          .authenticator_data = hex(vector.authenticator_data),
                          .signature = hex(vector.signature)};
    const auto verified = verify_assertion(shown, known, example, encoding::base64url(hex(vector.get_challenge)), {});
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_FALSE(verified->is_cloned);
  }
}

TEST(Vectors, of_a_frame_in_another_site_are_refused) {
  const std::string_view challenge = "3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49";
  Registration made{
      .id = hex("6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57"),
      .client_data = client_data("webauthn.create", challenge, "zZquEtDR9DWqpW5tBWTFug", "true"),
      .attestation_object =
          hex("a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd4"
              "6592a5e0f01452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f07c755cb2c66a74c64fa43"
              "065c18f938354d9915db2bd5ce57a501020326200121582022200a473f90b11078851550d03b4e44a2279f8c4eca27b3153ded"
              "fe03e4e97d225820cbd0be95e746ad6f5a8191be11756e4c0420e72f65b466d39bc56b8b123a9c6e")};
  const auto text = encoding::base64url(hex(challenge));
  EXPECT_EQ(verify_registration(made, example, text, {}).error().detail, "cross_origin");
  made.client_data = client_data("webauthn.create", challenge, "zZquEtDR9DWqpW5tBWTFug");
  EXPECT_TRUE(verify_registration(made, example, text, {}).ok()) << "nothing else was wrong with it";
}

}  // namespace
}  // namespace cardea::webauthn
