"""From stretches of speech to turns: windows, change points, groups of voices, and who has each moment."""
import numpy as np

from clustering import average_linkage, smooth_path, unit
from encoder import WINDOW

STEP = 40  # frames of 10 ms between windows: 0.4 s
CUT = 0.74  # same voice above, another below; tuned on 20 mixtures of 1 to 7 voices
CHANGE = 0.72  # neighbouring stretches less alike than this within one breath: the voice changed
MIN_WINDOW = 60  # frames: under 0.6 s of speech says nothing about the voice
MIN_PIECE = 120  # frames: pieces shorter than 1.2 s do not found a voice of their own
MERGE = 0.8  # means of groups more alike than this are one voice
MIN_VOICE = 200  # frames: less than 2 s of speech in all is no voice
LONG_VOICE = 800  # frames: 8 s of speech stand as a voice, less only when unlike every longer one
DISTINCT = 0.7
UNSURE_LIKENESS = 0.6
UNSURE_MARGIN = 0.04
SWITCH_COST = 0.25
NEAR = 30  # frames: 0.3 s
NEVER = 10**9


class Stretch:
    """Speech without a pause, in frames of 10 ms, with the embeddings of its windows and their centres."""

    def __init__(self, start, end):
        self.start, self.end = start, end
        last = max(start, end - WINDOW)
        self.window_starts = sorted({*range(start, last + 1, STEP), last}) if end - start >= MIN_WINDOW else []
        self.centres = [min(s + WINDOW // 2, (s + end) // 2) for s in self.window_starts]
        self.embeddings = None

    def windows(self, mel, offset):
        return [_full_window(mel[s - offset : min(s + WINDOW, self.end) - offset]) for s in self.window_starts]

    def pieces(self):
        """Cuts where the voice seems to change."""
        vectors = self.embeddings
        alike = [self._likeness_around(i) for i in range(len(vectors))]
        bounds = [0]
        for i in range(1, len(vectors) - 1):
            if alike[i] < CHANGE and alike[i] == min(alike[max(0, i - 2) : i + 3]):
                bounds.append(i)
        return [Piece(self, a, b) for a, b in zip(bounds, bounds[1:] + [len(vectors)]) if b > a]

    def _likeness_around(self, i):
        """How alike the windows are that end before and start after the centre of window `i`."""
        left = [j for j in range(i - 3, i - 1) if j >= 0]
        right = [j for j in range(i + 2, i + 4) if j < len(self.embeddings)]
        if not left or not right:
            return 1.0
        return float(unit(self.embeddings[left].mean(0)) @ unit(self.embeddings[right].mean(0)))


class Piece:
    """Consecutive windows of one stretch, taken for one voice."""

    def __init__(self, stretch, first, last):
        end = min(stretch.end, stretch.window_starts[last - 1] + WINDOW)
        self.frames = end - stretch.window_starts[first]
        self.mean = stretch.embeddings[first:last].mean(0)


def _full_window(frames):
    """A short stretch is repeated until it fills the window that the encoder was trained on."""
    times = -(-WINDOW // len(frames))
    return np.tile(frames, (times, 1))[:WINDOW]


def find_voices(stretches):
    """A unit vector per voice. Long pieces found voices; groups whose means are alike are one voice after all."""
    pieces = [piece for s in stretches if s.window_starts for piece in s.pieces()]
    founding = [p for p in pieces if p.frames >= MIN_PIECE] or pieces
    if not founding:
        return np.zeros((0, 256), np.float32)
    means = unit(np.stack([p.mean for p in founding]))
    frames = np.array([p.frames for p in founding])
    groups = average_linkage(means, CUT)
    voices, spoken = _centres(means, frames, groups)
    again = average_linkage(voices, MERGE)
    voices, spoken = _centres(voices, spoken, again)
    return voices[_founded(voices, spoken)]


def _centres(vectors, frames, groups):
    weights = np.stack([np.where(groups == g, frames, 0) for g in range(groups.max() + 1)])
    return unit(weights @ vectors), weights.sum(axis=1)


def _founded(voices, spoken):
    """Which voices stand: long ones do, a short one only when it resembles no longer one."""
    order = np.argsort(-spoken)
    kept = [order[0]]
    for v in order[1:]:
        nearest = max(float(voices[v] @ voices[k]) for k in kept)
        if spoken[v] >= LONG_VOICE or (spoken[v] >= MIN_VOICE and nearest < DISTINCT):
            kept.append(v)
    return sorted(kept)


def speak_turns(stretches, voices):
    """`[(start, end, voice or None)]` in frames; voices numbered as in `voices`."""
    turns = []
    for stretch in stretches:
        turns += _stretch_turns(stretch, voices)
    return turns


def adopt_short(turns):
    """A word too short to tell its voice belongs to the turn that it clearly stands next to."""
    out = list(turns)
    for i, (start, end, voice) in enumerate(turns):
        if voice is not None or end - start >= MIN_WINDOW:
            continue
        before = (start - turns[i - 1][1], turns[i - 1][2]) if i else (NEVER, None)
        after = (turns[i + 1][0] - end, turns[i + 1][2]) if i + 1 < len(turns) else (NEVER, None)
        (gap, nearest), (other, _voice) = sorted((before, after), key=lambda side: side[0])
        if gap <= NEAR and other - gap >= NEAR // 2:
            out[i] = (start, end, nearest)
    return out


def _stretch_turns(stretch, voices):
    if not stretch.window_starts or not len(voices):
        return [(stretch.start, stretch.end, None)]
    likeness = stretch.embeddings @ voices.T
    path = smooth_path(likeness, SWITCH_COST)
    turns, start, first = [], stretch.start, 0
    for i in range(1, len(path) + 1):
        if i == len(path) or path[i] != path[first]:
            end = stretch.end if i == len(path) else (stretch.centres[i - 1] + stretch.centres[i]) // 2
            turns.append((start, end, _sure(likeness[first:i].mean(0), path[first])))
            start, first = end, i
    return turns


def _sure(likeness, voice):
    others = np.delete(likeness, voice)
    clear = not len(others) or likeness[voice] - others.max() >= UNSURE_MARGIN
    return voice if clear and likeness[voice] >= UNSURE_LIKENESS else None
