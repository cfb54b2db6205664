// SPDX-License-Identifier: MIT
//
// What docs/plugin-authors.md prints is the project that latchkey-dev ships, and that
// project builds out of the tree against nothing but what latchkey-dev installs.
#include <stdlib.h>

#include <filesystem>
#include <vector>

#include "config/toml_document.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
namespace fs = std::filesystem;

const std::string document = LATCHKEY_TEST_DOCUMENT;
const std::string project = LATCHKEY_TEST_TEMPLATE;

// The fenced blocks of that language, in their order.
std::vector<std::string> blocks(const std::string& language) {
    const std::string text = content_of(document);
    const std::string fence = "\n```" + language + "\n";
    std::vector<std::string> found;
    for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
        at += fence.size();
        found.push_back(text.substr(at, text.find("\n```", at) + 1 - at));
    }
    return found;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : "\n") + part;
    return all;
}

// What latchkey-dev installs, below a directory of its own; and a copy of the project.
struct Author {
    Author() {
        must_run({"cmake", "--install", LATCHKEY_TEST_BUILD_DIR, "--component", "development",
                  "--prefix", prefix});
        fs::copy(project, source, fs::copy_options::recursive);
        fs::permissions(place.path(), fs::perms{0755});  // as root, the tester becomes nobody
    }

    TemporaryDirectory place;
    std::string prefix = place.file("usr");
    std::string source = place.file("matrix");
    std::string build = place.file("build");
};

}  // namespace

TEST_CASE("the document for authors prints the project that is shipped", "[plugin kit]") {
    const auto sources = blocks("cpp");
    REQUIRE(sources.size() > 3);
    CHECK(joined(sources) == content_of(project + "/matrix.cpp"));
    CHECK(joined(blocks("cmake")) == content_of(project + "/CMakeLists.txt"));
    const auto settings = blocks("toml");
    REQUIRE(settings.size() == 2);
    CHECK(settings[0] == content_of(project + "/tests/channel.toml"));
    CHECK(parse_toml(settings[1], "the document"));
    CHECK(blocks("sh").size() == 1);
}

TEST_CASE("the project that is shipped builds out of the tree and passes its tests",
          "[plugin kit]") {
    const Author author;
    must_run({"cmake", "-S", author.source, "-B", author.build,
              "-DCMAKE_PREFIX_PATH=" + author.prefix, "-DCMAKE_BUILD_TYPE=Release"});
    must_run({"cmake", "--build", author.build});
    const std::string tests =
        must_run({"ctest", "--test-dir", author.build, "--output-on-failure", "--no-tests=error"});
    CHECK(tests.find("matrix.conformance ...") != std::string::npos);
    CHECK(tests.find("matrix.delivers ...") != std::string::npos);
    CHECK(tests.find("100% tests passed, 0 tests failed out of 2") != std::string::npos);
    must_run({"cmake", "--install", author.build});
    const std::string installed =
        author.prefix + "/" LATCHKEY_TEST_LIBDIR "/latchkey/channels/matrix.so";
    REQUIRE(fs::exists(installed));
    CHECK(fs::status(installed).permissions() == fs::perms{0644});
}

TEST_CASE("the commands for authors without CMake build a plugin that passes", "[plugin kit]") {
    const Author author;
    const std::string packages = author.prefix + "/" LATCHKEY_TEST_LIBDIR "/pkgconfig";
    // Installed below another prefix than the one it was configured for.
    must_run({"sed", "-i", "s|^prefix=.*|prefix=" + author.prefix + "|",
              packages + "/latchkey-plugin.pc"});
    must_run({"env", "-C", author.source, "PKG_CONFIG_PATH=" + packages, "DESTDIR=", "sh", "-ec",
              blocks("sh").at(0)});
    const std::string installed =
        author.prefix + "/" LATCHKEY_TEST_LIBDIR "/latchkey/channels/matrix.so";
    const std::string told = must_run({author.prefix + "/bin/latchkey-plugin-test", installed,
                                       "--config", author.source + "/tests/channel.toml"});
    CHECK(told.find(" passed, 0 failed\n") != std::string::npos);
    CHECK(told.find("# SKIP") == std::string::npos);
}

TEST_CASE("an author who asks for another major version is refused when CMake runs",
          "[plugin kit]") {
    const Author author;
    must_run({"sed", "-i", "s/find_package(latchkey 0.1/find_package(latchkey 9.0/",
              author.source + "/CMakeLists.txt"});
    const Completed refused = run_command(
        {"cmake", "-S", author.source, "-B", author.build, "-DCMAKE_PREFIX_PATH=" + author.prefix});
    CHECK(refused.status != 0);
    CHECK(refused.err.find("compatible with requested version \"9.0\"") != std::string::npos);
}
