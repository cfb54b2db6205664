// SPDX-License-Identifier: MIT
//
// What the compiler and the linker can do against exploits is done in every binary
// of the installed packages, each exports and needs what it must and no more, and
// no file of the packages gives anybody rights. After checksec(1) and the OpenSSF guide.
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

using Names = std::set<std::string>;

enum class Kind { Program, Module };

struct Binary {
    std::string name;
    Kind kind = Kind::Program;
    mode_t mode = 0;
    Names exports;
    Names needs;      // beside libc.so.6 and the dynamic linker
    Names fortified;  // among the calls that FORTIFY checks at run time
};

const Names kNone;
const Names kCxx{"libstdc++.so.6", "libgcc_s.so.1"};

Names operator+(Names left, const Names& right) {
    left.insert(right.begin(), right.end());
    return left;
}

Binary gateway_plugin(const std::string& name) {
    return {name, Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx + Names{"libcurl.so.4"}, kNone};
}

// A program is 0711 so that the kernel starts it non-dumpable; the command is anybody's.
// The plugins call nothing that FORTIFY could check: theirs is std::string all through.
const std::vector<Binary> kBinaries{
    {"pam_latchkey.so",
     Kind::Module,
     0644,
     {"pam_sm_authenticate", "pam_sm_chauthtok", "pam_sm_close_session", "pam_sm_open_session",
      "pam_sm_setcred"},
     {"libpam.so.0"},
     {"__explicit_bzero_chk"}},
    {"latchkey-monitor",
     Kind::Program,
     0711,
     kNone,
     {"libsodium.so.23"},
     {"__explicit_bzero_chk", "__memcpy_chk", "__snprintf_chk", "__syslog_chk"}},
    {"latchkey-verifier",
     Kind::Program,
     0711,
     kNone,
     {"liboath.so.0", "libseccomp.so.2", "libsodium.so.23", "libsqlite3.so.0"},
     {"__explicit_bzero_chk", "__memcpy_chk", "__snprintf_chk", "__syslog_chk"}},
    {"latchkey-channel-host",
     Kind::Program,
     0711,
     kNone,
     kCxx + Names{"libseccomp.so.2"},
     {"__explicit_bzero_chk"}},
    {"latchkey",
     Kind::Program,
     0755,
     kNone,
     kCxx + Names{"libidn2.so.0", "liboath.so.0", "libpng16.so.16", "libqrencode.so.4"},
     {"__explicit_bzero_chk", "__memcpy_chk", "__snprintf_chk"}},
    {"latchkey-plugin-test",
     Kind::Program,
     0755,
     {"connect", "getaddrinfo"},
     kCxx + Names{"liboath.so.0", "libseccomp.so.2"},
     {"__explicit_bzero_chk", "__memcpy_chk", "__snprintf_chk"}},
    {"email.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx + Names{"libcurl.so.4"}, kNone},
    {"hotp.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx + Names{"liboath.so.0"}, kNone},
    {"totp.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx + Names{"liboath.so.0"}, kNone},
    {"file.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx, kNone},
    {"exec.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx, kNone},
    {"sendmail.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx, kNone},
    {"sms-spool.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx, kNone},
    gateway_plugin("push-ntfy.so"),
    {"push-xmpp.so",
     Kind::Module,
     0644,
     {"latchkey_plugin_v1"},
     kCxx + Names{"libstrophe.so.0"},
     kNone},
    gateway_plugin("sms-http.so"),
    gateway_plugin("sms-kannel.so"),
    gateway_plugin("sms-twilio.so"),
    gateway_plugin("sms-vonage.so"),
    gateway_plugin("voice-twilio.so"),
    // It asks for the way to the server; baresip is what connects.
    {"voice-sip.so", Kind::Module, 0644, {"latchkey_plugin_v1"}, kCxx + Names{"libm.so.6"}, kNone},
};

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> installed_files() {
    const auto listed = lines_of(must_run(
        {"dpkg", "-L", "libpam-latchkey", "latchkey", "latchkey-plugin-file",
         "latchkey-plugin-push", "latchkey-plugin-sms", "latchkey-plugin-voice", "latchkey-dev"}));
    Names once;
    for (const std::string& line : listed)
        if (line.starts_with('/')) once.insert(line);  // and a blank line between packages
    return {once.begin(), once.end()};
}

struct stat facts_of(const std::string& path) {
    struct stat facts {};
    INFO(path);
    REQUIRE(::lstat(path.c_str(), &facts) == 0);
    return facts;
}

bool is_elf(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    char magic[4]{};
    in.read(magic, sizeof magic);
    return S_ISREG(facts_of(path).st_mode) && std::string_view(magic, 4) == "\177ELF";
}

std::string base_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

// Every binary of the packages, by its name.
std::map<std::string, std::string> installed_binaries() {
    std::map<std::string, std::string> found;
    for (const std::string& path : installed_files())
        if (is_elf(path)) found.emplace(base_name(path), path);
    return found;
}

struct Symbols {
    Names defined, imported;
    bool unique = false;  // STB_GNU_UNIQUE: keeps an object mapped after dlclose
};

// Num: Value Size Type Bind Vis Ndx Name@VERSION
Symbols dynamic_symbols(const std::string& path) {
    Symbols symbols;
    for (const std::string& line : lines_of(must_run({"readelf", "-W", "--dyn-syms", path}))) {
        std::istringstream in{line};
        std::string number, value, size, type, bind, visibility, index, name;
        if (!(in >> number >> value >> size >> type >> bind >> visibility >> index >> name))
            continue;
        if (bind == "UNIQUE") symbols.unique = true;
        if (bind == "LOCAL" || index == "Ndx") continue;
        (index == "UND" ? symbols.imported : symbols.defined)
            .insert(name.substr(0, name.find('@')));
    }
    return symbols;
}

Names needed_libraries(const std::string& dynamic) {
    Names needed;
    for (const std::string& line : lines_of(dynamic)) {
        if (line.find("(NEEDED)") == std::string::npos) continue;
        const auto from = line.find('[') + 1;
        const std::string library = line.substr(from, line.find(']') - from);
        if (library != "libc.so.6" && !library.starts_with("ld-linux")) needed.insert(library);
    }
    return needed;
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

void check_segments(const std::string& path, Kind kind) {
    const std::string header = must_run({"readelf", "-hlW", path});
    CHECK(header.find(kind == Kind::Program ? "DYN (Position-Independent Executable"
                                            : "DYN (Shared object file)") != std::string::npos);
    CHECK(header.find("GNU_RELRO") != std::string::npos);
    bool stack_named = false;
    for (const std::string& line : lines_of(header)) {
        CHECK(line.find(" RWE ") == std::string::npos);  // writable and executable
        if (line.find("GNU_STACK") == std::string::npos) continue;
        stack_named = true;
        CHECK(line.find(" RW ") != std::string::npos);
    }
    CHECK(stack_named);
}

void check_dynamic_section(const std::string& path, const Names& needs) {
    const std::string dynamic = must_run({"readelf", "-dW", path});
    CHECK(dynamic.find("BIND_NOW") != std::string::npos);
    CHECK(dynamic.find("Flags: NOW") != std::string::npos);
    for (const char* never : {"(RPATH)", "(RUNPATH)", "(TEXTREL)"})
        CHECK(dynamic.find(never) == std::string::npos);
    CHECK(needed_libraries(dynamic) == needs);
}

// Where an indirect jump may land stands an endbr64. The mark in the ELF file that
// tells the loader so is the linker's, and Debian 12's start files withhold it.
void check_control_flow(const std::string& path) {
#ifdef __x86_64__
    const std::string frames = must_run({"readelf", "--debug-dump=frames", path});
    const std::string code = must_run({"objdump", "-d", "--no-show-raw-insn", path});
    CHECK(2 * count(code, "endbr64") >= count(frames, " FDE "));
#else
    static_cast<void>(path);
#endif
}

}  // namespace

TEST_CASE("every binary of the packages is hardened, exports and needs what it must and no more") {
    const auto installed = installed_binaries();
    Names names;
    for (const auto& [name, path] : installed) names.insert(name);
    Names expected;
    for (const Binary& binary : kBinaries) expected.insert(binary.name);
    REQUIRE(names == expected);
    for (const Binary& binary : kBinaries) {
        const std::string& path = installed.at(binary.name);
        CAPTURE(path);
        CHECK((facts_of(path).st_mode & 07777U) == binary.mode);
        check_segments(path, binary.kind);
        check_dynamic_section(path, binary.needs);
        check_control_flow(path);
        const Symbols symbols = dynamic_symbols(path);
        CHECK_FALSE(symbols.unique);
        CHECK(symbols.defined == binary.exports);
        CHECK(symbols.imported.contains("__stack_chk_fail"));
        for (const std::string& call : binary.fortified) {
            CAPTURE(call);
            CHECK(symbols.imported.contains(call));
        }
    }
    evidence("G16 hardened binaries",
             std::to_string(installed.size()) +
                 " binaries of the packages: PIE, RELRO, BIND_NOW, no executable stack, stack "
                 "protector, FORTIFY, CET landing pads, no RPATH, exports, libraries, mode",
             "all as in the table of the test");
}

TEST_CASE("no file of the packages is set-id, has capabilities, or belongs to anybody but root") {
    const auto files = installed_files();
    for (const std::string& path : files) {
        CAPTURE(path);
        const struct stat facts = facts_of(path);
        CHECK(facts.st_uid == 0);
        CHECK(facts.st_gid == 0);
        if (S_ISLNK(facts.st_mode)) continue;
        CHECK((facts.st_mode & (S_ISUID | S_ISGID | S_IWGRP | S_IWOTH)) == 0);
        CHECK(::lgetxattr(path.c_str(), "security.capability", nullptr, 0) < 0);
    }
    evidence("G16 rights of files", std::to_string(files.size()) + " files of the packages",
             "none set-id, with capabilities, or another's than root's to write");
}

}  // namespace latchkey
