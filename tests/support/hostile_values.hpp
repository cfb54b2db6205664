// SPDX-License-Identifier: MIT
//
// Values that strangers send: one table for every place that takes bytes from outside.
#pragma once

#include <string>
#include <vector>

namespace latchkey {

struct HostileValue {
    std::string name;
    std::string bytes;
};

[[nodiscard]] inline std::vector<HostileValue> hostile_values() {
    using std::string;
    std::vector<HostileValue> values;
    // Every control character alone in the middle of a word.
    for (int c = 0; c < 0x20; ++c)
        values.push_back(
            {"control " + std::to_string(c), string{"ab"} + static_cast<char>(c) + "cd"});
    const std::vector<HostileValue> others{
        {"DEL",
         "ab\x7f"
         "cd"},
        {"NUL alone", string(1, '\0')},
        {"NUL behind an address", string{"ada@example.org\0x", 17}},
        {"CR LF and a header", "ada@example.org\r\nBcc: eve@example.com"},
        {"LF and a prompt", "ada\nPassword: "},
        {"escape sequence that clears", "\x1b[2J\x1b[H"},
        {"escape sequence that sets a title", "\x1b]0;root\x07"},
        {"escape sequence with 8 bits",
         "\x9b"
         "31m"},
        {"backspaces", "abc\b\b\bxyz"},
        {"format of printf that writes", "%n%n%n%n"},
        {"format of printf that reads", "%s%s%s%s%08x"},
        {"path upwards", "../../../etc/shadow"},
        {"path upwards, encoded", "..%2f..%2fetc%2fshadow"},
        {"absolute path", "/etc/shadow"},
        {"shell words", "$(reboot);`id`|cat&"},
        {"SQL", "' OR 1=1; DROP TABLE attempt; --"},
        {"quotes", "\"ada\"@example.org'\""},
        {"UTF-8 cut short", "ab\xc3"},
        {"UTF-8 overlong slash", "\xc0\xaf"},
        {"UTF-8 overlong NUL", "\xc0\x80"},
        {"UTF-8 surrogate", "\xed\xa0\x80"},
        {"UTF-8 beyond Unicode", "\xf4\x90\x80\x80"},
        {"bytes 0xfe and 0xff", "\xfe\xff"},
        {"right-to-left override",
         "abc\xe2\x80\xae"
         "gro.elpmaxe"},
        {"zero-width space", "ada\xe2\x80\x8b@example.org"},
        {"byte order mark",
         "\xef\xbb\xbf"
         "ada"},
        {"line separator", "ada\xe2\x80\xa8x"},
        {"letters that look alike",
         "\xd0\xb0"
         "da@example.org"},
        {"fullwidth digits", "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93"},
        {"Arabic digits", "\xd9\xa1\xd9\xa2\xd9\xa3"},
        {"combining marks", "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81"},
        {"emoji", "\xf0\x9f\x94\x91"},
        {"a word for the host's question", "Password:"},
        {"the same in capitals", "PASSWORD"},
        {"TOML that goes on", "x\"\n[gates]\nremote = 0\n#"},
        {"two addresses", "ada@example.org,eve@example.com"},
        {"address with a comment", "ada(x)@example.org"},
        {"address literal", "ada@[127.0.0.1]"},
        {"SMTP command", "ada@example.org>\nRCPT TO:<eve@example.com"},
        {"number too large for 64 bits", "99999999999999999999999999"},
        {"negative number", "-1"},
        {"only blanks", "     "},
        {"only hyphens", "--------"},
        {"65,536 letters", string(65536, 'a')},
        {"1 MB of letters", string(1048576, 'A')},
        {"1 MB of digits", string(1048576, '1')},
        {"1 MB of spaces", string(1048576, ' ')},
        {"1 MB of NUL", string(1048576, '\0')},
        {"1 MB address", string(1048576, 'a') + "@example.org"},
        {"1 MB of brackets", string(1048576, '[')},
    };
    values.insert(values.end(), others.begin(), others.end());
    return values;
}

}  // namespace latchkey
