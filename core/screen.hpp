// SPDX-License-Identifier: MIT
//
// What a claimant may be asked, as data. The verifier says which screen with
// which arguments; the monitor holds the catalogue (core/screens.hpp), checks
// the arguments and renders the text. So no byte that an unprivileged process
// chose freely reaches a terminal, and "Password:" can be asked by nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace latchkey {

enum class ScreenKind : std::uint8_t {
    Menu,                // which method; personal
    FullAddress,         // type the complete address that ends in ...
    AddressOrSavedCode,  // remote, before the first proof: one prompt instead of a menu
    Code,                // a code that was sent
    RemoteCode,          // the same before the first proof over a remote service
    OtpCode,             // a code from an authenticator app
    SavedCode,           // a saved recovery code
    WhomToAsk,           // whom to ask; any answer ends it
    HumanCheck,          // signs in a picture, or words that stand for them
    Approval,            // a number to be chosen on another device
    NewAddress,          // of an address that is enrolled the code sent there, of a device a number
    NewAuthenticator,    // the code of an app or a token that is being enrolled
    VetoHeard,           // a veto was typed, and what became of it; any answer goes back
};

// Said in front of the question, so that a wrong answer needs no state of its own.
enum class Remark : std::uint8_t {
    None,
    CodeWrong,
    CodeExpired,
    CodeUsedUp,  // too many wrong entries: the code, not the account, is dead
    SentAgain,
    MethodNotWorking,  // a property of the host, told to everybody alike
    ChooseFromList,
    OneMoreProof,      // after a right proof when more gates are needed
    TooFewWays,        // proven, but the account has no further possession
    MistakeIsNotTold,  // remote human check: whoever mistypes must know why nothing arrives
    NoAnswerYet,       // nobody has answered on the device
    RequestExpired,    // nobody did in time
    ChangeUndone,      // of VetoHeard
    ChangeIsDecided,   // of VetoHeard: by the administrator
    RecoveryDenied,    // of VetoHeard
};

// A menu shows at most this many methods on one page, so that it fits into 480
// bytes; the flow pages, the catalogue appends the last choice.
inline constexpr std::size_t kMenuPageSize = 5;
// While a method is marked, for everybody, since the marks take room.
inline constexpr std::size_t kMarkedMenuPageSize = 4;

struct MenuItem {
    std::string method;              // "email", "totp", "saved": selects the label
    std::string masked_destination;  // may be empty
};

struct Screen {
    ScreenKind kind = ScreenKind::WhomToAsk;
    Remark remark = Remark::None;
    std::string resume_code;         // shown once, after a proof; empty otherwise
    std::string method;              // of Code, OtpCode, FullAddress, Approval, and the new ones
    std::string masked_destination;  // of FullAddress and NewAddress
    std::uint32_t minutes = 0;       // how long a code stays valid
    std::vector<MenuItem> items;     // of Menu, one page, numbered from 1
    // The number after the items is "More choices" if true, else "I have none of these".
    bool has_more = false;
    std::string signs;      // of HumanCheck (core/human_check.hpp); empty otherwise
    bool in_words = false;  // of HumanCheck: words instead of a picture
    // Of Menu and AddressOrSavedCode: delivery methods of this host that do not work now
    // (core/channel_health.hpp). A property of the host: the same for every name.
    std::vector<std::string> not_working{};
    std::string number{};       // of Approval and a new device: two digits; empty otherwise
    std::uint32_t seconds = 0;  // of the same: until the request is void
};

[[nodiscard]] inline std::size_t menu_page_size(const std::vector<std::string>& not_working) {
    return not_working.empty() ? kMenuPageSize : kMarkedMenuPageSize;
}

}  // namespace latchkey
