// SPDX-License-Identifier: MIT
//
// bench_transaction CONFDIR SERVICE [ANSWER]: one PAM transaction as an ordinary login makes
// it, answered with ANSWER, or a password. scripts/bench counts the instructions of
// `transaction` with callgrind. Prints which objects the transaction mapped and
// which it left, whether a process was started, and the bytes handed to writing calls.
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <set>
#include <string>

extern "C" int pam_start_confdir(const char*, const char*, const pam_conv*, const char*,
                                 pam_handle_t**);

namespace {

int count_objects_now(void* found) {
    auto& objects = *static_cast<std::set<std::string>*>(found);
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);)
        if (const auto at = line.find('/'); at != std::string::npos)
            objects.insert(line.substr(at));
    return 0;
}

std::set<std::string> objects_now() {
    std::set<std::string> objects;
    count_objects_now(&objects);
    return objects;
}

std::string written_so_far() {
    std::ifstream io{"/proc/self/io"};
    for (std::string line; std::getline(io, line);)
        if (line.starts_with("wchar: ")) return line.substr(7);
    return "0";
}

int answer(int count, const pam_message** messages, pam_response** responses, void* typed) {
    auto* replies =
        static_cast<pam_response*>(calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; i < count; ++i)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            replies[i].resp = strdup(static_cast<const char*>(typed));
    *responses = replies;
    return PAM_SUCCESS;
}

}  // namespace

// Named for callgrind's --toggle-collect; not inlined for the same reason.
extern "C" __attribute__((noinline, visibility("default"))) pam_handle_t* transaction(
    const char* confdir, const char* service, char* typed) {
    const pam_conv conversation{&answer, typed};
    pam_handle_t* pamh = nullptr;
    if (pam_start_confdir(service, "ada", &conversation, confdir, &pamh) != PAM_SUCCESS)
        return nullptr;
    if (pam_authenticate(pamh, 0) != PAM_SUCCESS) fprintf(stderr, "not authenticated\n");
    return pamh;
}

extern "C" __attribute__((noinline, visibility("default"))) void transaction_end(
    pam_handle_t* pamh) {
    pam_end(pamh, PAM_SUCCESS);
}

int main(int argc, char* argv[]) {
    if (argc != 3 && argc != 4) return 2;
    std::string typed = argc == 4 ? argv[3] : "a password";
    const auto before = objects_now();
    pam_handle_t* pamh = transaction(argv[1], argv[2], typed.data());
    if (pamh == nullptr) return 1;
    const auto during = objects_now();
    transaction_end(pamh);
    const auto after = objects_now();
    for (const std::string& object : during)
        if (!before.contains(object)) printf("mapped %s\n", object.c_str());
    for (const std::string& object : after)
        if (!before.contains(object)) printf("left %s\n", object.c_str());
    int status = 0;
    const bool no_child = waitpid(-1, &status, WNOHANG | __WALL) == -1 && errno == ECHILD;
    printf("processes started: %s\n", no_child ? "none" : "some");
    if (argc == 4) printf("written %s\n", written_so_far().c_str());
    return 0;
}
