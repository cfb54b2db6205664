// SPDX-License-Identifier: MIT
//
// What an author does with the package latchkey-dev: copies its project, builds it with
// nothing but installed packages, and installs the package that comes out.
#include <filesystem>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

const std::string shipped_project = "/usr/share/doc/latchkey-dev/examples/template";
constexpr const char* place = "/root/plugin";

std::string path_of(const std::string& pattern) {
    return must_run({"sh", "-c", "printf '%s' " + pattern});
}

}  // namespace

TEST_CASE("an author's project becomes a package that is installed beside latchkey") {
    std::filesystem::create_directory(place);
    const std::string project = std::string{place} + "/matrix";
    must_run({"cp", "-r", shipped_project, project});
    const std::string built =
        must_run({"env", "-C", project, "dpkg-buildpackage", "-us", "-uc", "-b"});
    INFO(built);
    CHECK(built.find("100% tests passed, 0 tests failed out of 2") != std::string::npos);

    must_run({"dpkg", "-i", path_of(std::string{place} + "/latchkey-plugin-matrix_1.0_*.deb")});
    const std::string plugin = path_of("/usr/lib/*/latchkey/channels/matrix.so");
    CHECK(must_run({"stat", "-c", "%U %a", plugin}) == "root 644\n");
    const std::string told =
        must_run({"latchkey-plugin-test", plugin, "--config", project + "/tests/channel.toml"});
    CHECK(told.find(" passed, 0 failed\n") != std::string::npos);

    // The package needs a host of this ABI, and says so.
    const Completed removed = run_command({"dpkg", "-r", "latchkey"});
    CHECK(removed.status != 0);
    CHECK(removed.err.find("latchkey-plugin-matrix depends on latchkey-plugin-abi-1") !=
          std::string::npos);
}

TEST_CASE("every plugin that is installed passes the tester") {
    std::istringstream plugins{must_run({"sh", "-c", "ls /usr/lib/*/latchkey/channels/*.so"})};
    int tested = 0;
    for (std::string plugin; std::getline(plugins, plugin); ++tested) {
        const Completed completed = run_command({"latchkey-plugin-test", plugin});
        INFO(plugin << "\n" << completed.out << completed.err);
        CHECK(completed.status == 0);
    }
    CHECK(tested >= 15);
}

}  // namespace latchkey
