"""Reads 16 kHz mono PCM without holding a long recording in memory."""
import wave

import numpy as np

RATE = 16000


class Wav:
    """Samples as float32 in -1..1; positions are sample numbers."""

    def __init__(self, path):
        self._file = wave.open(path)
        self.length = self._file.getnframes()
        if (self._file.getframerate(), self._file.getnchannels(), self._file.getsampwidth()) != (RATE, 1, 2):
            raise ValueError("not 16 kHz mono 16-bit PCM")

    def read(self, start, end):
        self._file.setpos(start)
        return np.frombuffer(self._file.readframes(end - start), "<i2").astype(np.float32) / 32768

    def blocks(self, start, seconds, search_seconds=30):
        """Cuts what follows `start` into blocks of at most `seconds`, each cut at the quietest 0.3 s near its end."""
        while start < self.length:
            end = start + seconds * RATE
            if end < self.length:
                end = self._quietest(end - search_seconds * RATE, end)
            end = min(end, self.length)
            yield start, self.read(start, end)
            start = end

    def _quietest(self, start, end):
        step = RATE * 3 // 10
        sound = self.read(start, end)
        energy = [float(np.mean(sound[i : i + step] ** 2)) for i in range(0, len(sound) - step + 1, step)]
        return start + int(np.argmin(energy)) * step + step // 2
