// SPDX-License-Identifier: MIT
//
// The example in docs/plugins.md is a plugin: it builds by the command that
// stands there, and runs in the sandbox.
#include <sys/stat.h>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;

// The first fenced block of that language.
std::string block(const std::string& document, const std::string& language) {
    const std::string fence = "\n```" + language + "\n";
    const std::size_t begin = document.find(fence) + fence.size();
    return document.substr(begin, document.find("\n```", begin) + 1 - begin);
}

}  // namespace

TEST_CASE("the example for authors of plugins builds and runs as it is printed",
          "[plugin document]") {
    const std::string document = content_of(LATCHKEY_TEST_PLUGIN_DOCUMENT);
    const std::string source = block(document, "cpp");
    REQUIRE(source.find("LATCHKEY_DELIVERY(") != std::string::npos);
    ChannelWorkshop workshop{{}};
    const std::string file = workshop.plugin_file("webhook");
    must_run({"c++", "-std=c++20", "-fPIC", "-shared", "-fvisibility=hidden",
              "-Wl,-z,defs,-z,now,-z,relro", "-I", LATCHKEY_TEST_PLUGIN_HEADERS, "-x", "c++", "-",
              "-lcurl", "-o", file},
             source);
    REQUIRE(::chmod(file.c_str(), 0644) == 0);

    auto setup = workshop.setup("webhook", Profile::Network);
    const auto unset = workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(unset);
    CHECK(unset->outcome == wire::ChannelOutcome::Misconfigured);
    CHECK(unset->for_log == "option url must be an https address");

    setup.options = {{"url", "https://127.0.0.1:1/"}, {"port", "1"}};  // nobody listens there
    const auto nobody = workshop.call(setup, delivery_to("ada@example.org"));
    REQUIRE(nobody);
    CHECK(nobody->outcome == wire::ChannelOutcome::Temporary);
    CHECK(nobody->for_log.find("Couldn't connect to server") == 0);
}
