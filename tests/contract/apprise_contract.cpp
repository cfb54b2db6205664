// SPDX-License-Identifier: MIT
//
// The recipe of plugins/exec/README.md, as it stands there, with Debian's apprise in a sandbox.
// In its configuration the one service is a web server of ours.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/debian_peer.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;

constexpr const char* kProgram = "/usr/local/lib/latchkey/message";
constexpr const char* kServices = "/etc/latchkey/apprise.yml";

// The block in `language` below the recipe's title.
std::string block(const std::string& language) {
    const std::string text = content_of(LATCHKEY_TEST_EXEC_README);
    const std::string fence = "\n```" + language + "\n";
    const std::size_t title = text.find("\n## Recipe: apprise\n");
    const std::size_t begin = text.find(fence, title);
    const std::size_t end = text.find("\n```\n", begin + fence.size());
    if (title == std::string::npos || begin == std::string::npos || end == std::string::npos)
        throw std::runtime_error{"no recipe in " LATCHKEY_TEST_EXEC_README};
    return text.substr(begin + fence.size(), end + 1 - begin - fence.size());
}

void install(const std::string& path, const std::string& text, mode_t mode, gid_t group) {
    std::filesystem::create_directories(std::filesystem::path{path}.parent_path());
    std::ofstream{path} << text;
    if (::chown(path.c_str(), 0, group) != 0 || ::chmod(path.c_str(), mode) != 0)
        throw std::runtime_error{path};
}

struct Recipe {
    HttpPeer service;
    ChannelWorkshop workshop{{"exec"}};
    wire::ChannelSetup setup = workshop.setup("exec", Profile::Program);

    Recipe() {
        install_debian_peer("apprise");
        install(kProgram, block("python"), 0755, 0);
        std::string services = block("yaml");
        const std::size_t url = services.find("matrixs://");
        REQUIRE(url != std::string::npos);
        services.replace(url, services.find(":\n", url) - url,
                         "json" + service.url().substr(std::string{"http"}.size()) + "/code");
        install(kServices, services, 0640, workshop.channel_gid());
        setup.options = {{"program", kProgram}};
        setup.deadline_seconds = 20;
    }
    wire::ChannelReply send(const std::string& to) {
        auto reply = workshop.call(setup, delivery_to(to));
        if (!reply) throw std::runtime_error{reply.error().detail};
        return std::move(*reply);
    }
};

}  // namespace

TEST_CASE("by the recipe for apprise a code reaches the person of its tag alone", "[exec]") {
    Recipe recipe;
    const auto taken = recipe.send("ada@example.org");
    INFO(taken.for_log);
    CHECK(taken.outcome == ChannelOutcome::Queued);
    const auto request = recipe.service.only_request();
    CHECK(request.path() == "/code");
    const auto message = request.json();
    CHECK(message.at("title") == "Your recovery code for example");
    CHECK(message.at("message").get<std::string>().find("Your recovery code is 4711 0815.") !=
          std::string::npos);

    const auto unknown = recipe.send("ben@example.org");
    CHECK(unknown.outcome == ChannelOutcome::Permanent);
    CHECK(recipe.service.received().size() == 1);
}

TEST_CASE("by the recipe for apprise a service that refuses is tried again", "[exec]") {
    Recipe recipe;
    recipe.service.answer({.status = 503});
    const auto refused = recipe.send("ada@example.org");
    INFO(refused.for_log);
    CHECK(refused.outcome == ChannelOutcome::Temporary);
    CHECK_FALSE(recipe.service.received().empty());
}
