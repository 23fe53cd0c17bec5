"""Hears who speaks when. Usage: voices.py '{"wav": path, "encoder": path}'; JSON lines out: progress, turns."""
import json
import sys

import numpy as np

import child
from encoder import HOP, RATE, Encoder, mel_frames, raise_volume
from regions import speech_regions
from turns import Stretch, adopt_short, find_voices, speak_turns
from wav import Wav

BLOCK_SECONDS = 300
JOIN_FRAMES = 60  # a pause of up to 0.6 s between words of one voice is part of its turn


def hear(wav, encoder):
    stretches = []
    for start, samples in wav.blocks(0, BLOCK_SECONDS):
        offset = start // HOP
        mel = mel_frames(raise_volume(samples))
        here = [Stretch(offset + a // HOP, min(offset + b // HOP, offset + len(mel))) for a, b in speech_regions(samples)]
        here = [s for s in here if s.end > s.start]
        windows = [w for s in here for w in s.windows(mel, offset)]
        vectors = encoder.embed(np.array(windows, np.float32).reshape(len(windows), *(160, 40)))
        ends = np.cumsum([len(s.window_starts) for s in here])
        for stretch, end in zip(here, ends):
            stretch.embeddings = vectors[end - len(stretch.window_starts) : end]
        stretches += here
        child.say(type="progress", doneMs=(start + len(samples)) * 1000 // RATE)
    return speak_turns(stretches, find_voices(stretches))


def joined(turns):
    out = []
    for start, end, voice in turns:
        if out and out[-1][2] == voice and start - out[-1][1] <= JOIN_FRAMES:
            out[-1] = (out[-1][0], end, voice)
        else:
            out.append((start, end, voice))
    return out


def numbered(turns):
    """Voices counted from 0 in the order in which they first speak."""
    order = list(dict.fromkeys(v for _, _, v in turns if v is not None))
    return [(a, b, None if v is None else order.index(v)) for a, b, v in turns]


def main():
    request = json.loads(sys.argv[1])
    turns = numbered(joined(adopt_short(hear(Wav(request["wav"]), Encoder(request["encoder"])))))
    child.say(type="turns", turns=[{"startMs": a * 10, "endMs": b * 10, "voice": v} for a, b, v in turns])


if __name__ == "__main__":
    child.run(main)
