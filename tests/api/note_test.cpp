// Notes over /v1: they belong to one person, and their images are never documents of this origin.

#include "note/note.hpp"
#include "encoding/base64.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/pictures.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

std::string base64(std::string_view bytes) { return encoding::base64(as_bytes(bytes)); }

struct Scene {
  World world;
  Client ann = world.client();
  Client bob = world.client();
  Scene() {
    ann.sign_up("ann");
    bob.sign_up("bob");
  }
};

TEST(Notes, life_of_a_note) {
  Scene scene;
  const auto made = scene.ann.post("/v1/me/notes", {{"note", "Buy milk"}});
  EXPECT_EQ(made.status, 201);
  const auto path = made.header("Location");
  EXPECT_EQ(path, "/v1/me/notes/" + made.text("id"));
  EXPECT_EQ(scene.ann.get(path).json("note"), "Buy milk");
  scene.world.advance(1s);
  EXPECT_EQ(scene.ann.patch(path, {{"note", "Buy oat milk"}}).json("note"), "Buy oat milk");
  EXPECT_EQ(scene.ann.get("/v1/me/notes").json("data/0/note"), "Buy oat milk");
  EXPECT_EQ(scene.ann.del(path).status, 204);
  EXPECT_EQ(scene.ann.get(path).status, 404);
  EXPECT_EQ(scene.ann.del(path).status, 404);
  EXPECT_EQ(scene.ann.get("/v1/me/notes").count("data"), 0U);
}

TEST(Notes, do_not_exist_for_anybody_else_not_even_an_administrator) {
  Scene scene;
  const auto path =
      scene.ann.post("/v1/me/notes", {{"note", "mine"}, {"image", base64(one_pixel_png())}}).header("Location");
  scene.world.make_admin("bob");
  const auto missing = scene.bob.get("/v1/me/notes/not_00000000000000000000000000");
  for (const auto& answer : {scene.bob.get(path), scene.bob.get(path + "/image"),
                             scene.bob.patch(path, {{"note", "yours"}}), scene.bob.del(path)}) {
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.code(), missing.code());
    EXPECT_EQ(answer.json("title"), missing.json("title"));
  }
  EXPECT_EQ(scene.bob.get("/v1/me/notes").count("data"), 0U);
  auto visitor = scene.world.client();
  EXPECT_EQ(visitor.get(path).status, 401);
  EXPECT_EQ(visitor.get(path + "/image").status, 401);
  EXPECT_EQ(scene.ann.get(path).json("note"), "mine");
}

TEST(Notes, image_is_served_as_data_and_never_as_a_document) {
  Scene scene;
  const auto made = scene.ann.post("/v1/me/notes", {{"note", "a dot"}, {"image", base64(one_pixel_png())}});
  const auto image = scene.ann.get(made.text("image"));
  EXPECT_EQ(image.status, 200);
  EXPECT_EQ(image.body, one_pixel_png());
  EXPECT_EQ(image.header("Content-Type"), "image/png");
  EXPECT_EQ(image.all("X-Content-Type-Options"), Texts{"nosniff"});
  ASSERT_EQ(image.all("Content-Security-Policy").size(), 1U);
  EXPECT_NE(image.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
  EXPECT_NE(image.header("Content-Security-Policy").find("sandbox"), std::string::npos);
  EXPECT_EQ(image.all("Cross-Origin-Resource-Policy"), Texts{"same-origin"});
  EXPECT_EQ(image.header("Cache-Control").find("public"), std::string::npos);
}

TEST(Notes, image_is_judged_by_its_content) {
  Scene scene;
  const std::string html = "<!doctype html><script>alert(1)</script>";
  const std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
  const Texts refused{
      base64(html),  base64(svg),     base64(one_pixel_png().substr(0, 20)), "data:image/png;base64," + base64(html),
      "not base64!", base64("GIF89a")};
  for (const auto& image : refused) {
    const auto answer = scene.ann.post("/v1/me/notes", {{"note", "x"}, {"image", image}});
    EXPECT_EQ(answer.status, 422) << image;
    ASSERT_EQ(answer.problems().size(), 1U);
    EXPECT_TRUE(answer.problems().front().starts_with("image:")) << answer.body;
  }
  EXPECT_EQ(scene.ann.get("/v1/me/notes").count("data"), 0U);
}

TEST(Notes, image_can_be_removed_and_kept) {
  Scene scene;
  const auto path =
      scene.ann.post("/v1/me/notes", {{"note", "a dot"}, {"image", base64(one_pixel_png())}}).header("Location");
  EXPECT_TRUE(scene.ann.patch(path, {{"note", "the dot"}}).json("image").is<std::string>());
  EXPECT_EQ(scene.ann.patch(path, {{"image", nullptr}}).json("image"), nullptr);
  EXPECT_EQ(scene.ann.get(path + "/image").status, 404);
  EXPECT_EQ(scene.ann.get(path).json("note"), "the dot");
}

TEST(Notes, every_problem_is_told_at_once) {
  Scene scene;
  const wire::Object body{{"note", ""}, {"image", "no"}, {"owner", "bob"}};
  const Texts problems{"image:image_encoding", "note:too_short", "owner:unknown_field"};
  EXPECT_EQ(scene.ann.post("/v1/me/notes", body).problems(), problems);
  const auto path = scene.ann.post("/v1/me/notes", {{"note", "x"}}).header("Location");
  EXPECT_EQ(scene.ann.patch(path, body).problems(), problems);
  EXPECT_EQ(scene.ann.patch(path, {{"note", nullptr}, {"image", 5}}).problems(),
            (Texts{"image:wrong_type", "note:required"}));
  EXPECT_EQ(scene.ann.get(path).json("note"), "x");
}

TEST(Notes, text_has_limits) {
  Scene scene;
  EXPECT_EQ(scene.ann.post("/v1/me/notes", {{"note", ""}}).status, 422);
  EXPECT_EQ(scene.ann.post("/v1/me/notes", {{"note", std::string(10'001, 'x')}}).status, 422);
  EXPECT_EQ(scene.ann.post("/v1/me/notes", {{"note", std::string(10'000, 'x')}}).status, 201);
  EXPECT_EQ(scene.ann.post("/v1/me/notes", {{"note", "x"}, {"owner", "bob"}}).problems(), Texts{"owner:unknown_field"});
  EXPECT_EQ(scene.ann.post("/v1/me/notes").problems(), Texts{"note:required"});
}

/// What the edge lets through to that route; a world has no edge that would refuse the rest.
std::size_t body_limit(World& world, http::Method method, const std::string& path) {
  return http::body_limit_of(world.house().pipeline().plan({.method = method, .path = path}, world.now()));
}

TEST(Notes, raised_image_limit_lifts_the_api_the_pages_and_the_classic_contract) {
  using http::Method;
  constexpr std::size_t size = 3 * 1024 * 1024;
  World world{[](app::Settings& settings) { settings.features.of<note::Settings>().max_image = size; }};
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  const auto picture = webp_of_size(size);
  const wire::Object note{{"note", "large"}, {"image", base64(picture)}};
  const testing_support::Upload file{.field = "image", .filename = "large.webp", .bytes = picture};

  const auto made = ann.post("/v1/me/notes", note);
  EXPECT_EQ(made.status, 201);
  const auto id = made.text("id");
  EXPECT_EQ(ann.patch("/v1/me/notes/" + id, note).status, 200);
  EXPECT_EQ(ann.submit("/account/notes", {{"note", "large"}}, "", {file}).status, 303);
  EXPECT_EQ(ann.submit("/account/notes/" + id, {{"note", "large"}}, "", {file}).status, 303);
  EXPECT_EQ(ann.post("/api/notes", note).status, 200);
  EXPECT_EQ(ann.put("/api/notes/" + id, note).status, 200);

  const auto needed = wire::to_json(note).size();
  for (const std::string path : {"/v1/me/notes", "/account/notes", "/api/notes"}) {
    EXPECT_GE(body_limit(world, Method::post, path), needed) << path;
    EXPECT_LE(body_limit(world, Method::post, path), 2 * needed) << path;
  }
  EXPECT_GE(body_limit(world, Method::patch, "/v1/me/notes/" + id), needed);
  EXPECT_GE(body_limit(world, Method::post, "/account/notes/" + id), needed);
  EXPECT_GE(body_limit(world, Method::put, "/api/notes/" + id), needed);
}

TEST(Notes, account_has_a_limit) {
  World world{[](app::Settings& settings) { settings.features.of<note::Settings>().max_per_account = 2; }};
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "1"}}).status, 201);
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "2"}}).status, 201);
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "3"}}).status, 409);
}

TEST(Notes, pages_are_complete_and_newest_first) {
  Scene scene;
  for (int i = 0; i < 7; ++i) {
    scene.world.advance(1s);
    scene.ann.post("/v1/me/notes", {{"note", std::to_string(i)}});
    scene.bob.post("/v1/me/notes", {{"note", "bob's"}});
  }
  for (const std::string name : {"cursor", "before"}) {  // the second is what the first was called at first
    std::string together;
    std::string next = "/v1/me/notes?limit=3";
    for (int pages = 0; !next.empty() && pages < 9; ++pages) {
      const auto page = scene.ann.get(next);
      for (std::size_t i = 0; i < page.count("data"); ++i) together += page.text("data/" + std::to_string(i) + "/note");
      const bool more = page.json("has_more") == wire::Value{true};
      next = more ? "/v1/me/notes?limit=3&" + name + "=" + page.text("next_cursor") : "";
    }
    EXPECT_EQ(together, "6543210") << name;
    EXPECT_EQ(scene.ann.get("/v1/me/notes?" + name + "=forged").problems(), Texts{name + ":cursor_invalid"});
  }
}

TEST(Notes, go_with_their_account) {
  Scene scene;
  scene.ann.post("/v1/me/notes", {{"note", "mine"}});
  scene.bob.post("/v1/me/notes", {{"note", "bob's"}});
  scene.ann.del("/v1/me");
  erase_closed(scene.world);
  const auto left =
      scene.world.database().read([](db::Tx& tx) { return tx.one("SELECT COUNT(*) FROM note")->integer(0); });
  EXPECT_EQ(left, 1);
}

TEST(Notes, when_the_disk_has_only_its_reserve_pictures_are_refused_and_sign_in_works) {
  World world{[](app::Settings& settings) {
    settings.features.of<note::Settings>().disk_reserve = std::int64_t{1} << 50;  // more than any disk has
  }};
  auto ann = world.client();
  ann.sign_up("ann");
  const auto refused = ann.post("/v1/me/notes", {{"note", "mine"}, {"image", base64(one_pixel_png())}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.code(), "storage.full");
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "words"}}).status, 201);
  EXPECT_EQ(world.client().sign_in("ann").status, 200);
  EXPECT_EQ(world.client().get("/readyz").status, 200) << "the database works";
}

TEST(Notes, accounts_of_one_address_share_a_budget_of_bytes_on_every_surface) {
  World world{[](app::Settings& settings) { settings.features.of<note::Settings>().max_bytes_per_network = 1024; }};
  auto ann = world.client();
  auto bob = world.client();
  ann.sign_up("ann");
  bob.sign_up("bob");
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "mine"}, {"image", base64(one_pixel_png())}}).status, 201);
  const auto refused = bob.post("/v1/me/notes", {{"note", "mine"}, {"image", base64(one_pixel_png())}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "600");
  EXPECT_EQ(bob.submit("/account/notes", {{"note", "mine"}}).status, 429);
  EXPECT_EQ(bob.from("192.0.2.99").post("/v1/me/notes", {{"note", "mine"}}).status, 201);
}

}  // namespace
}  // namespace cardea::api_tests
