// SPDX-License-Identifier: MIT
//
// Every conversation as a transcript in tests/golden, compared byte by byte, so that
// a change of any text or order shows in review. After a change that is meant:
//
//   LATCHKEY_WRITE_GOLDEN=1 ctest --test-dir build/dev -R golden   and look at git diff
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/evidence.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/golden_scenes.hpp"

using namespace latchkey;

namespace {

constexpr const char* kDirectory = LATCHKEY_GOLDEN_DIR;

std::string file_of(const std::string& surface, const Scene& scene) {
    return std::string{kDirectory} + '/' + surface + '_' + scene.name + ".txt";
}

void compare(const std::string& surface, const Scene& scene) {
    const std::string file = file_of(surface, scene);
    INFO(file);
    Transcript transcript;
    scene.play(transcript);
    if (std::getenv("LATCHKEY_WRITE_GOLDEN") != nullptr)
        std::ofstream{file, std::ios::binary} << transcript.text();
    CHECK(transcript.world.said_everything);
    CHECK(transcript.text() == content_of(file));
}

}  // namespace

TEST_CASE("every conversation at a console is as its golden transcript") {
    for (const Scene& scene : kAtConsole) compare("console", scene);
    evidence("G5 golden transcripts",
             std::to_string(kAtConsole.size()) + " conversations at a console", "byte-equal");
}

TEST_CASE("every conversation over ssh is as its golden transcript") {
    for (const Scene& scene : kOverSsh) compare("ssh", scene);
    evidence("G5 golden transcripts", std::to_string(kOverSsh.size()) + " conversations over ssh",
             "byte-equal");
}

TEST_CASE("every golden transcript has its conversation") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{kDirectory})
        files += entry.path().extension() == ".txt" ? 1U : 0U;
    CHECK(files == kAtConsole.size() + kOverSsh.size());
}
