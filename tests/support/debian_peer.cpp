// SPDX-License-Identifier: MIT
#include "tests/support/debian_peer.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/support/command.hpp"

namespace latchkey {

void install_debian_peer(const std::string& package, const std::vector<std::string>& answers) {
    const char* sandbox = std::getenv("LATCHKEY_SANDBOX");
    if (sandbox == nullptr || std::string{sandbox} != "namespace")
        throw std::runtime_error{"a peer is installed in a sandbox only"};
    const std::filesystem::path files = LATCHKEY_TEST_PEERS_DEB "/" + package;
    if (!std::filesystem::exists(files))
        throw std::runtime_error{package +
                                 " is not there; scripts/install-build-deps --with-tests"};
    for (const std::string& answer : answers) must_run({"debconf-set-selections"}, answer + '\n');
    std::vector<std::string> install{"env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "-i"};
    for (const auto& file : std::filesystem::directory_iterator{files})
        if (file.path().extension() == ".deb") install.push_back(file.path().string());
    must_run(install);
}

}  // namespace latchkey
