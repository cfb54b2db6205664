// SPDX-License-Identifier: MIT
//
// What codes that people read and type are made of.
#pragma once

#include <cstddef>
#include <string_view>

namespace latchkey {

// Resume codes: consonants only, so that no word appears (RFC 8628, section 6.1).
inline constexpr std::string_view kResumeAlphabet = "BCDFGHJKLMNPQRSTVWXZ";
inline constexpr std::size_t kResumeCodeLength = 8;  // 34.6 bits

inline constexpr std::size_t kVetoCodeLength = 10;  // of the same letters, 43.2 bits

// Saved recovery codes: 32 signs, hence 5 bits each; I, O, 0 and 1 are left out.
inline constexpr std::string_view kSavedAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
inline constexpr std::size_t kSavedCodeLength = 16;  // 80 bits

// The human check: signs that neither look nor sound alike, and spell no word.
inline constexpr std::string_view kHumanAlphabet = "CFHKMNPRTWXY3479";
inline constexpr std::size_t kHumanCheckLength = 5;
inline constexpr std::size_t kHumanGlyphRows = 4;

}  // namespace latchkey
