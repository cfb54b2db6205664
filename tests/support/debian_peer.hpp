// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace latchkey {

// Installs a package, with what it depends on, from the files that
// scripts/install-build-deps --with-tests fetched, after answering its questions as
// debconf-set-selections(1) takes them. Changes accounts and /etc: for a sandbox, and throws
// anywhere else, as it does if the files are not there.
void install_debian_peer(const std::string& package, const std::vector<std::string>& answers = {});

}  // namespace latchkey
