// SPDX-License-Identifier: MIT
//
// Every conversation as a transcript in tests/golden, compared byte by byte, so that
// a change of any text or order shows in review. After a change that is meant:
//
//   LATCHKEY_WRITE_GOLDEN=1 ctest --test-dir build/dev -R golden   and look at git diff
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "core/wire/message.hpp"
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

// The enumerators that were not seen, by number.
template <typename Enum>
std::string missing(const std::set<Enum>& seen) {
    std::string numbers;
    for (int i = 0; i <= static_cast<int>(wire::EnumLast<Enum>::value); ++i)
        if (!seen.contains(static_cast<Enum>(i))) numbers += std::to_string(i) + ' ';
    return numbers;
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

TEST_CASE("every change of the ways back in is as its golden transcript") {
    for (const Scene& scene : kChanges) compare("change", scene);
    evidence("G5 golden transcripts", std::to_string(kChanges.size()) + " changes by owners",
             "byte-equal");
}

TEST_CASE("every golden transcript has its conversation") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{kDirectory})
        files += entry.path().extension() == ".txt" ? 1U : 0U;
    CHECK(files == kAtConsole.size() + kOverSsh.size() + kChanges.size());
}

TEST_CASE("every screen and every remark stands in a golden transcript") {
    std::set<ScreenKind> kinds;
    std::set<Remark> remarks;
    for (const auto* scenes : {&kAtConsole, &kOverSsh, &kChanges})
        for (const Scene& scene : *scenes) {
            Transcript transcript;
            scene.play(transcript);
            kinds.insert(transcript.kinds().begin(), transcript.kinds().end());
            remarks.insert(transcript.remarks().begin(), transcript.remarks().end());
        }
    CHECK(missing(kinds) == "");
    CHECK(missing(remarks) == "");
}
