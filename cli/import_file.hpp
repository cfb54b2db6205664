// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <string>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace latchkey::cli {

// The whole of a regular file, or with "-" of `in`, of at most `limit` bytes; it may hold keys.
// No link is followed at the end of the path: root reads files here that lie in the home
// directories of others. The error says what is wrong and what to do.
Result<Secret> read_import_file(const std::string& path, std::istream& in, std::size_t limit);

}  // namespace latchkey::cli
