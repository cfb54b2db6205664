// SPDX-License-Identifier: MIT
#include "plugins/voice-sip/private_files.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

namespace latchkey::sip {

namespace {

bool write_all(const UniqueFd& file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file.get(), content.data(), content.size());
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

UniqueFd file_in_memory(std::string_view content) {
    constexpr int kAll = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    UniqueFd file{::memfd_create("latchkey", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!file || !write_all(file, content) || ::fcntl(file.get(), F_ADD_SEALS, kAll) != 0)
        return {};
    return file;
}

PrivateDirectory::PrivateDirectory() : path_{"/tmp/latchkey-sip-XXXXXX"} {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
}

bool PrivateDirectory::write(const std::string& name, std::string_view content) {
    const UniqueFd file{::open((path_ + '/' + name).c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    return file && write_all(file, content);
}

void PrivateDirectory::remove() {
    if (path_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    path_.clear();
}

}  // namespace latchkey::sip
