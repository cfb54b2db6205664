// SPDX-License-Identifier: MIT
#include "monitor/pam_conversation.hpp"

#include <stdlib.h>
#include <string.h>

#include <string_view>
#include <utility>

#include "core/printable.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLongestPrompt = 480;

void discard(pam_response* answers, int count) {
    for (int i = 0; i < count; ++i) {
        if (answers[i].resp == nullptr) continue;
        explicit_bzero(answers[i].resp, strlen(answers[i].resp));
        free(answers[i].resp);
    }
    free(answers);
}

}  // namespace

Terminated::Terminated(const Secret& secret)
    : text_(strndup(secret.reveal().data(), secret.size())) {}

Terminated::~Terminated() {
    if (text_ == nullptr) return;
    explicit_bzero(text_, strlen(text_));
    free(text_);
}

char* Terminated::release() {
    return std::exchange(text_, nullptr);
}

int PamConversation::converse(int count, const pam_message** messages, pam_response** responses,
                              void* self) noexcept {
    try {
        return static_cast<PamConversation*>(self)->converse_all(count, messages, responses);
    } catch (...) {
        return PAM_CONV_ERR;
    }
}

int PamConversation::converse_all(int count, const pam_message** messages,
                                  pam_response** responses) {
    if (count <= 0 || count > PAM_MAX_NUM_MSG) return PAM_CONV_ERR;
    auto* answers =
        static_cast<pam_response*>(calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    if (answers == nullptr) return PAM_BUF_ERR;
    for (int i = 0; i < count; ++i) {
        if (converse_one(*messages[i], answers[i])) continue;
        discard(answers, count);
        return PAM_CONV_ERR;
    }
    *responses = answers;
    return PAM_SUCCESS;
}

std::string PamConversation::prompt(std::string& unread, const char* question) {
    std::string text = std::exchange(unread, {}) + for_the_terminal(question);
    if (text.size() > kLongestPrompt) text.erase(0, text.size() - kLongestPrompt);
    return text;
}

// The host's modules write what they like.
std::string for_the_terminal(const char* text) {
    std::string result;
    for (std::string_view rest = text == nullptr ? "" : text; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        result += escaped(rest.substr(0, end));
        if (end == std::string_view::npos) break;
        result += '\n';
        rest.remove_prefix(end + 1);
    }
    return result;
}

}  // namespace latchkey
