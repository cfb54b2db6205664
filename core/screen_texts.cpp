// SPDX-License-Identifier: MIT
#include "core/screen_texts.hpp"

namespace latchkey::screen_texts {

namespace {

std::string_view remark_text(Remark remark) {
    switch (remark) {
        case Remark::None:
            return "";
        case Remark::CodeWrong:
            return "That was not right. Please try again.";
        case Remark::CodeExpired:
            return "That code has expired.";
        case Remark::CodeUsedUp:
            return "Too many wrong entries: that code is void.";
        case Remark::SentAgain:
            return "Unless it is too soon, a newer code will come.";
        case Remark::MethodNotWorking:
            return "That way is not working now. Try another one.";
        case Remark::ChooseFromList:
            return "Please choose one of the numbers.";
        case Remark::OneMoreProof:
            return "That was right. One more proof is needed.";
        case Remark::TooFewWays:
            return "One more proof is needed, but none is set up.";
        case Remark::MistakeIsNotTold:
            return "After a mistake here no code will come.";
        case Remark::NoAnswerYet:
            return "There is no answer yet.";
        case Remark::RequestExpired:
            return "Nobody answered in time.";
        case Remark::ChangeUndone:
            return "That change has been undone.";
        case Remark::ChangeIsDecided:
            return "The administrator decides about that change.";
        case Remark::RecoveryDenied:
            return "That was heard, and what was open has ended.";
    }
    return "";
}

// Where to break `line`, which is longer than `columns`: the length that stays.
// A space at the very end belongs to the prompt ("Code: ") and is no place for it.
std::size_t break_at(std::string_view line, std::size_t columns) {
    const auto space = line.substr(0, line.size() - 1).rfind(' ', columns);
    return space != std::string_view::npos && space > 0 ? space : columns;
}

void append_wrapped(std::string& result, std::string_view line, std::size_t columns) {
    while (line.size() > columns) {
        const std::size_t kept = break_at(line, columns);
        result += line.substr(0, kept);
        result += '\n';
        line.remove_prefix(line[kept] == ' ' ? kept + 1 : kept);
    }
    result += line;
}

}  // namespace

std::string remark(Remark remark) {
    const std::string_view text = remark_text(remark);
    return text.empty() ? std::string{} : std::string{text} + '\n';
}

std::string_view message_noun(Medium medium) {
    switch (medium) {
        case Medium::Email:
            return "an e-mail";
        case Medium::Text:
            return "a text message";
        case Medium::Call:
            return "a call";
        case Medium::Other:
            break;
    }
    return "a message";
}

std::string_view address_noun(Medium medium) {
    if (medium == Medium::Email) return "e-mail address";
    return medium == Medium::Other ? "address" : "phone number";
}

std::string duration(std::uint32_t minutes) {
    if (minutes >= 120) return std::to_string(minutes / 60) + " hours";
    return std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
}

std::string valid_for(std::uint32_t minutes) {
    return "It is valid for " + duration(minutes) + '.';
}

std::string sent_code(std::string_view message, std::uint32_t minutes) {
    return "If that is right, " + std::string{message} + " with a code is on its way.\n" +
           valid_for(minutes);
}

std::string contact_code(std::string_view message, std::uint32_t minutes) {
    return "If that is right, your contact gets " + std::string{message} +
           " with a code,\nor has one already. A code is valid for " + duration(minutes) +
           ".\nYou may leave, and choose this way again when you have it.";
}

std::string new_address(Medium medium, std::string_view mask, std::uint32_t minutes) {
    std::string to;
    if (!mask.empty()) to = (is_telephone(medium) ? " to the phone " : " to ") + std::string{mask};
    return "To be sure that it reaches you, " + std::string{message_noun(medium)} +
           " with a code is on its way" + to + ".\n" + valid_for(minutes) +
           " r sends another one.\nCode (Enter to change nothing): ";
}

std::string new_device(std::string_view mask, std::string_view number, std::string_view left) {
    std::string text{"To be sure that it is yours, a request is on its way"};
    if (!mask.empty()) text += " to " + std::string{mask};
    return text + ".\nTap or type " + std::string{number} + " there, then press Enter (" +
           std::string{left} + "; n changes nothing): ";
}

std::string wrapped(std::string_view text, std::size_t columns) {
    std::string result;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        append_wrapped(result, text.substr(0, end), columns);
        result += '\n';
        text.remove_prefix(end + 1);
    }
    append_wrapped(result, text, columns);
    return result;
}

}  // namespace latchkey::screen_texts
