#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Listens to a recorded call and prints the code that was said in it:

  hear_code.py RECORDING.wav VOICE GREETING DIGITS

It is told how many digits there are, and finds one after the other: the one that sounds most
like what espeak-ng says there, after all that was said before. It ends with status 1 unless
the whole sentence is heard twice, and clearly.
"""
import sys

import numpy

from speech import RATE, likeness, recorded, spoken

CLEARLY = 0.95
LEEWAY = RATE // 10  # a call does not keep time to the sample


def next_words(said, voice, last, rest):
    """What was said, with the digit more that `rest` of the recording begins with."""
    found = []
    known = len(spoken(voice, said.encode()))
    for digit in range(10):
        words = "%s %d%s" % (said, digit, "." if last else ",")
        sound = spoken(voice, words.encode())[known:]
        found.append((likeness(rest[known : known + len(sound) + 2 * LEEWAY], sound).max(), words))
    return max(found)[1]


def main():
    path, voice, words, count = sys.argv[1:]
    recording = recorded(path)
    at = int(numpy.argmax(likeness(recording, spoken(voice, words.encode()))))
    rest = recording[max(0, at - LEEWAY) :]
    start = len(words)
    for left in reversed(range(int(count))):
        words = next_words(words, voice, left == 0, rest)
    score = likeness(recording, spoken(voice, words.encode()))
    for _ in range(2):
        at = int(numpy.argmax(score))
        if score[at] < CLEARLY:
            sys.exit("not clear enough: %.3f" % score[at])
        score[max(0, at - RATE) : at + RATE] = -1
    print("".join(sign for sign in words[start:] if sign.isdigit()))


main()
