// SPDX-License-Identifier: MIT
//
// Many logins of one user at the same moment, through libpam, all with the same
// answers; says how many got through. Knows nothing of the modules it is used on.
//
//   parallel_logins SERVICE USER COUNT [--until PROMPT] [PROMPT=ANSWER...]
//
// The prompts are answered in that order, each of them once, and all give the last
// answer at once. A prompt that does not contain its PROMPT ends the login, as does
// one too many. `#TEXT` as an answer is the number in front of TEXT in the menu that
// is asked. With --until a login has got through when it is asked that, without it
// when pam_authenticate is a success.
#include <pthread.h>
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace {

struct Shared {
    pthread_barrier_t start;
    std::atomic<unsigned> through{0};
};

struct Script {
    std::string until;
    std::vector<std::pair<std::string, std::string>> answers;
    std::size_t next = 0;
    bool got_through = false;
    bool waited = false;
    Shared* shared = nullptr;
};

std::string number_before(const std::string& menu, const std::string& text) {
    const std::size_t at = menu.find(text);
    if (at == std::string::npos) return {};
    const std::size_t line = menu.rfind('\n', at) + 1;  // 0 if there is none before
    const std::size_t digit = menu.find_first_not_of(' ', line);
    return menu.substr(digit, menu.find(' ', digit) - digit);
}

// Null: nothing fits, or this is the prompt that was wanted.
char* answer_to(Script& script, const std::string& prompt) {
    if (!script.until.empty() && prompt.find(script.until) != std::string::npos) {
        script.got_through = true;
        return nullptr;
    }
    if (script.next == script.answers.size()) return nullptr;
    const auto& [fits, answer] = script.answers[script.next++];
    if (prompt.find(fits) == std::string::npos) return nullptr;
    if (script.next == script.answers.size()) {
        pthread_barrier_wait(&script.shared->start);
        script.waited = true;
    }
    const bool is_choice = !answer.empty() && answer.front() == '#';
    return ::strdup(is_choice ? number_before(prompt, answer.substr(1)).c_str() : answer.c_str());
}

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
    auto& script = *static_cast<Script*>(data);
    auto* replies =
        static_cast<pam_response*>(::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    if (replies == nullptr) return PAM_BUF_ERR;
    for (int i = 0; i < count; ++i) {
        const int style = messages[i]->msg_style;
        if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON) continue;
        replies[i].resp = answer_to(script, messages[i]->msg);
        if (replies[i].resp != nullptr) continue;
        for (int k = 0; k < i; ++k) ::free(replies[k].resp);
        ::free(replies);
        return PAM_CONV_ERR;
    }
    *responses = replies;
    return PAM_SUCCESS;
}

bool logs_in(const char* service, const char* user, Script& script) {
    const pam_conv conversation{converse, &script};
    pam_handle_t* handle = nullptr;
    if (pam_start(service, user, &conversation, &handle) != PAM_SUCCESS) return false;
    const int result = pam_authenticate(handle, 0);
    pam_end(handle, result);
    // Who was refused before the last question lets the others go.
    if (!script.waited) pthread_barrier_wait(&script.shared->start);
    return script.until.empty() ? result == PAM_SUCCESS : script.got_through;
}

Shared* shared_between(unsigned count) {
    void* memory =
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    auto* shared = new (memory) Shared;
    pthread_barrierattr_t attributes;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&shared->start, &attributes, count);
    return shared;
}

Script script_from(char** word, char** end) {
    Script script;
    for (; word != end; ++word) {
        const std::string text = *word;
        if (text == "--until" && word + 1 != end) {
            script.until = *++word;
            continue;
        }
        const std::size_t equals = text.find('=');
        script.answers.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return script;
}

}  // namespace

int main(int count, char** words) {
    if (count < 5) return 2;
    const auto logins = static_cast<unsigned>(std::strtoul(words[3], nullptr, 10));
    Script script = script_from(words + 4, words + count);
    script.shared = shared_between(logins);
    if (script.shared == nullptr || script.answers.empty()) return 2;
    for (unsigned i = 0; i < logins; ++i) {
        const pid_t child = ::fork();
        if (child < 0) return 1;
        if (child > 0) continue;
        if (logs_in(words[1], words[2], script)) ++script.shared->through;
        ::_exit(0);
    }
    while (::wait(nullptr) > 0) {
    }
    std::printf("%u\n", script.shared->through.load());
    return 0;
}
