// SPDX-License-Identifier: MIT
//
// Writes each message to a file of its own: for demonstrations and tests. Never on a
// host that people rely on: whoever reads the directory reads the codes.
// Option: `directory`, absolute; must exist and be writable for the
// channel's user. A file appears under its name when it is complete.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <string>

#include <latchkey/plugin.hpp>

#include "adapters/system/unique_fd.hpp"
#include "plugins/common/header_value.hpp"

namespace {

using latchkey::UniqueFd;
using latchkey::plugin::Host;
using latchkey::plugin::is_header_value;
using latchkey::plugin::Message;
using latchkey::plugin::Outcome;
using latchkey::plugin::Reply;

constexpr std::size_t kLongestId = 80;

Reply failed(Outcome outcome, const std::string& what) {
    return {outcome, what + ": " + strerrordesc_np(errno)};
}

// Letters, digits and '-' as they are, every other byte as %XX: two messages
// never share a name, and no name leaves the directory.
std::string file_name_of(std::string_view message_id) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string name;
    for (const char c : message_id) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-') {
            name += c;
        } else {
            name += '%';
            name += kHex[byte >> 4];
            name += kHex[byte & 0xf];
        }
    }
    return name + ".txt";
}

std::string content_of(const Message& message) {
    std::string content;
    content.append("To: ").append(message.to);
    content.append("\nSubject: ").append(message.subject);
    content.append("\nMessage-ID: ").append(message.message_id);
    content.append("\n\n").append(message.text);
    if (!content.ends_with('\n')) content += '\n';
    return content;
}

bool write_all(const UniqueFd& fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd.get(), content.data(), content.size());
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd.get()) == 0;
}

class FileDelivery final : public latchkey::plugin::Delivery, public latchkey::plugin::Probe {
public:
    // Makes the file that a message would be written to first, and takes it away.
    Reply probe(const Host& host) override {
        const auto path = host.option("directory");
        if (!path) return {Outcome::Misconfigured, "option directory is not set"};
        const UniqueFd directory = opened(*path);
        if (!directory) return failed(Outcome::Misconfigured, "directory");
        const std::string name = partial_name("probe");
        if (!created(directory, name)) return failed(Outcome::Temporary, "create file");
        ::unlinkat(directory.get(), name.c_str(), 0);
        return {Outcome::Accepted, "a file can be made"};
    }
    Reply deliver(const Host& host, const Message& message) override {
        const auto path = host.option("directory");
        if (!path) return {Outcome::Misconfigured, "option directory is not set"};
        if (!is_header_value(message.to) || !is_header_value(message.subject))
            return {Outcome::Permanent, "address or subject holds a control character"};
        if (message.message_id.empty() || message.message_id.size() > kLongestId)
            return {Outcome::Permanent, "message id is empty or longer than 80 bytes"};
        const UniqueFd directory = opened(*path);
        if (!directory) return failed(Outcome::Misconfigured, "directory");
        return write_file(directory, file_name_of(message.message_id), content_of(message));
    }

private:
    static UniqueFd opened(std::string_view directory) {
        return UniqueFd{::open(std::string{directory}.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    }
    static std::string partial_name(const std::string& name) {
        return "." + name + "." + std::to_string(::getpid());
    }
    static UniqueFd created(const UniqueFd& directory, const std::string& name) {
        return UniqueFd{::openat(directory.get(), name.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    }
    static Reply write_file(const UniqueFd& directory, const std::string& name,
                            const std::string& content) {
        const std::string partial = partial_name(name);
        const UniqueFd file = created(directory, partial);
        if (!file) return failed(Outcome::Temporary, "create file");
        bool done = write_all(file, content);
        done = done && ::renameat2(directory.get(), partial.c_str(), directory.get(), name.c_str(),
                                   RENAME_NOREPLACE) == 0;
        if (done) return {Outcome::Accepted, "written to " + name};
        const int error = errno;
        ::unlinkat(directory.get(), partial.c_str(), 0);
        errno = error;
        // The same message, tried again after its reply was lost.
        if (error == EEXIST) return {Outcome::Accepted, name + " was there already"};
        return failed(Outcome::Temporary, "write file");
    }
};

}  // namespace

LATCHKEY_DELIVERY(FileDelivery, LATCHKEY_VERSION);
