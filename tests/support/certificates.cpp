// SPDX-License-Identifier: MIT
#include "tests/support/certificates.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

Certificates make_certificates(const std::string& directory, const std::string& prefix,
                               const std::string& server_name) {
    const std::string base = directory + "/" + prefix;
    Certificates made{base + "-ca.pem", base + "-server.pem", base + "-server.key"};
    const std::vector<std::string> new_key{"-newkey", "ec", "-pkeyopt",
                                           "ec_paramgen_curve:prime256v1", "-nodes"};
    auto with_key = [&](std::vector<std::string> command, const std::vector<std::string>& more) {
        command.insert(command.end(), new_key.begin(), new_key.end());
        command.insert(command.end(), more.begin(), more.end());
        must_run(command);
    };
    std::ofstream{base + ".ext"} << "subjectAltName=DNS:" << server_name << '\n';
    with_key({"openssl", "req", "-x509"}, {"-keyout", base + "-ca.key", "-out", made.ca, "-days",
                                           "30", "-subj", "/CN=" + prefix + " test authority"});
    with_key({"openssl", "req"},
             {"-keyout", made.key, "-out", base + ".csr", "-subj", "/CN=" + server_name});
    must_run({"openssl", "x509", "-req", "-in", base + ".csr", "-CA", made.ca, "-CAkey",
              base + "-ca.key", "-CAcreateserial", "-days", "30", "-extfile", base + ".ext", "-out",
              made.certificate});
    ::chmod(made.ca.c_str(), 0644);
    return made;
}

namespace {

std::optional<LoopbackName> name_in_hosts() {
    std::ifstream hosts{"/etc/hosts"};
    for (std::string line; std::getline(hosts, line);) {
        std::istringstream words{line.substr(0, line.find('#'))};
        std::string address;
        words >> address;
        if (!address.starts_with("127.") && address != "::1") continue;
        for (std::string name; words >> name;)
            if (!name.starts_with("localhost")) return LoopbackName{name, address};
    }
    return std::nullopt;
}

// A bare root may have no such name, or no /etc/hosts at all. Then this process
// and its children see a copy of /etc with one; the machine itself does not change.
void add_name_to_hosts_of_this_process() {
    static const TemporaryDirectory copy;
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        throw std::runtime_error{
            "/etc/hosts names no loopback address but localhost; add \"127.0.1.1 a-name\""};
    must_run({"cp", "-a", "/etc/.", copy.path()});
    std::ofstream{copy.path() + "/hosts", std::ios::app}
        << "127.0.0.1 localhost\n127.0.1.1 loopback.test\n";
    ::chmod(copy.path().c_str(), 0755);
    if (::mount(copy.path().c_str(), "/etc", nullptr, MS_BIND, nullptr) != 0)
        throw std::runtime_error{"/etc cannot be covered"};
}

}  // namespace

LoopbackName loopback_name() {
    if (auto found = name_in_hosts()) return *found;
    add_name_to_hosts_of_this_process();
    return name_in_hosts().value();
}

}  // namespace latchkey
