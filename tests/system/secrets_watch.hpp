// SPDX-License-Identifier: MIT
//
// Which secret may be in which process, and the look whether any is elsewhere:
// in memory, environments, arguments, logs and files.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "tests/support/secret_scan.hpp"

namespace latchkey {

class SecretsWatch {
public:
    // A secret of that kind (see may_hold in secrets_watch.cpp), of this person; of
    // the host if `person` is empty. One kind may have several texts.
    void know(const std::string& person, const std::string& kind, std::string_view text);

    // Whose conversation it is from now on; nothing has been typed in it yet.
    void begin(const std::string& person);
    // From now on the program at the prompt and its monitor may know it.
    void typed(const std::string& kind) { typed_.insert(kind); }

    // "verifier: ada's app key (raw)" for each secret that is in a process, an
    // environment or an argument list now and may not be there.
    [[nodiscard]] std::set<std::string> misplaced_in_processes();
    // The same for a text, and for every file below these directories that was
    // written since this object was made.
    [[nodiscard]] std::set<std::string> found_in(std::string_view text, const std::string& place);
    [[nodiscard]] std::set<std::string> found_in_files(const std::set<std::string>& directories);

    // "monitor: master key" was seen at some look: the looks see something.
    [[nodiscard]] bool was_seen(const std::string& sighting) const {
        return seen_.count(sighting) != 0;
    }
    [[nodiscard]] std::size_t bytes_looked_at() const { return bytes_; }
    [[nodiscard]] std::size_t processes_looked_at() const { return processes_; }
    [[nodiscard]] std::size_t patterns() const { return scan_.patterns(); }

private:
    std::set<std::string> look(std::string_view bytes, const std::string& place,
                               const std::string& role);

    SecretScan scan_;
    // Earlier by what the clock of a file system may lag behind.
    std::filesystem::file_time_type began_ =
        std::filesystem::file_time_type::clock::now() - std::chrono::seconds{1};
    std::string person_;
    std::set<std::string> typed_;
    std::set<std::string> seen_;
    std::size_t bytes_ = 0;
    std::size_t processes_ = 0;
};

}  // namespace latchkey
