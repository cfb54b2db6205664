// SPDX-License-Identifier: MIT
#pragma once

namespace latchkey::hostile {

// Where the hostile verifier finds what it is to do and tells what became of it: its
// arguments and its environment are the monitor's to choose.
inline constexpr const char* kDirectory = "/run/latchkey-hostile";
inline constexpr const char* kScript = "/run/latchkey-hostile/script";
// The real verifier, for who comes later.
inline constexpr const char* kReal = "/run/latchkey-hostile/real";
inline constexpr const char* kNotes = "/run/latchkey-hostile/notes";

}  // namespace latchkey::hostile
