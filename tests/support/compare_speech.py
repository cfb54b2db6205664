#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
#
# Says where in a recorded call a sentence was spoken, and how alike it is to what espeak-ng
# makes of it:   compare_speech.py RECORDING.wav VOICE < SENTENCE
# Prints, for the two places where it is most alike, "SCORE SECONDS"; 1 is the same sound.
import sys

import numpy

from speech import RATE, likeness, recorded, spoken


def main():
    sentence = spoken(sys.argv[2], sys.stdin.buffer.read())
    score = likeness(recorded(sys.argv[1]), sentence)
    best = []
    for _ in range(2):
        at = int(numpy.argmax(score))
        best.append((at / RATE, score[at]))
        score[max(0, at - len(sentence)) : at + len(sentence)] = -1
    for seconds, value in sorted(best):
        print(f"{value:.3f} {seconds:.2f}")


main()
