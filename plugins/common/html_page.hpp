// SPDX-License-Identifier: MIT
//
// A message as a page of HTML, for mail. A page is made from a template: HTML in which
// {subject} and {text} stand for those of the message. It loads nothing and leads nowhere:
// a person who waits for a code must not learn to follow links in a mail about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <latchkey/plugin.hpp>

namespace latchkey::mail {

// What the channel's options html and html_template say.
struct PageTemplate {
    std::string html;     // empty: mails have no HTML
    std::string refusal;  // not empty: which option is wrong and why
};

// html_template is a file that root alone can change; without it the template is ours.
[[nodiscard]] PageTemplate read_page_template(const plugin::Host& host);

// Why `html` is no template, to stand behind "option html_template ": it has no {text}, is
// too long or no plain UTF-8, or holds what makes a page load something or lead somewhere.
// Empty: it is one. Who may write it is trusted; this finds mistakes, not tricks.
[[nodiscard]] std::string refusal_of_template(std::string_view html);

// The page: subject and text escaped for HTML, which also fits in an attribute's quotes, lines
// of the text ended by <br>, its code, if the message has one, within <strong>. What they hold
// is never taken for a placeholder. Nothing if they are no UTF-8 without control characters.
[[nodiscard]] std::optional<std::string> page_of(std::string_view html,
                                                 const plugin::Message& message);

}  // namespace latchkey::mail
