// SPDX-License-Identifier: MIT
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace latchkey {

// A directory of mode 0700 that is gone, with all that is in it, at the end of the test.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "latchkey-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

    // Writes the file and gives it exactly that mode; returns its path.
    std::string write(const std::string& name, std::string_view content, mode_t mode = 0600) const {
        std::ofstream out{file(name), std::ios::binary | std::ios::trunc};
        out << content;
        out.close();
        if (!out || ::chmod(file(name).c_str(), mode) != 0)
            throw std::runtime_error("write " + file(name));
        return file(name);
    }

private:
    std::string path_;
};

[[nodiscard]] inline std::string content_of(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    // Not by istreambuf_iterator: GCC 12 sees null pointers in it when it optimises.
    std::ostringstream content;
    content << in.rdbuf();
    return std::move(content).str();
}

}  // namespace latchkey
