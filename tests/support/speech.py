# SPDX-License-Identifier: MIT
"""What espeak-ng says, and how alike it is to what a telephone recorded."""
import io
import subprocess
import wave

import numpy

RATE = 8000


def recorded(path):
    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def spoken(voice, sentence):
    command = ["espeak-ng", "-v", voice, "-s", "120", "-b", "1", "--stdin", "--stdout"]
    stream = subprocess.run(command, input=sentence, stdout=subprocess.PIPE, check=True).stdout
    with wave.open(io.BytesIO(stream)) as file:
        rate = file.getframerate()
    samples = numpy.frombuffer(stream[44:], "<i2").astype(float)
    # To a telephone's rate in another way than the plugin's: leave out what is too high. A
    # whole number of seconds, so that no part of a sample is lost.
    length = len(samples) * RATE // rate
    samples = numpy.concatenate([samples, numpy.zeros(-len(samples) % rate)])
    size = len(samples) * RATE // rate
    spectrum = numpy.fft.rfft(samples)[: size // 2 + 1]
    return (numpy.fft.irfft(spectrum, size) * size / len(samples))[:length]


def likeness(long, short):
    """The correlation of `short` with each part of `long` of its length."""
    size = len(long) + len(short)
    product = numpy.fft.rfft(long, size) * numpy.conj(numpy.fft.rfft(short, size))
    sums = numpy.fft.irfft(product, size)[: len(long) - len(short) + 1]
    energy = numpy.concatenate([[0.0], numpy.cumsum(long**2)])
    energy = energy[len(short) :] - energy[: -len(short)]
    return sums / numpy.sqrt(numpy.maximum(energy, 1) * numpy.sum(short**2))
