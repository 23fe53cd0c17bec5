"""A speaker encoder in numpy: 1.6 s of sound in, a unit vector out; the same voice gives nearby vectors.

The network and its front end are those of Resemblyzer 0.1.4 (Apache-2.0), of which only the weights file is used:
a power mel spectrogram without logarithm, three LSTM layers of 256 cells, a linear layer, ReLU, L2 norm.
"""
import numpy as np

from weights import read_state

RATE = 16000
HOP = 160  # 10 ms
FRAME = 400  # 25 ms
MELS = 40
WINDOW = 160  # frames: 1.6 s
TARGET_DBFS = -30
BATCH = 256


def mel_frames(samples):
    """Power mel spectrogram, one row of 40 every 10 ms; centred frames, float32 in -1..1 at 16 kHz in."""
    padded = np.pad(samples, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return (power @ _MEL_FILTERS.T).astype(np.float32)


def raise_volume(samples):
    """Quiet sound is raised to -30 dBFS, as in the encoder's training; loud sound stays."""
    level = np.sqrt(np.mean(samples**2, dtype=np.float64))
    wanted = 10 ** (TARGET_DBFS / 20)
    return samples * np.float32(wanted / level) if 0 < level < wanted else samples


def _hz_to_mel(hz):
    """Slaney's scale: linear up to 1 kHz, logarithmic above."""
    hz = np.asarray(hz, dtype=np.float64)
    return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1000) / 1000) / (np.log(6.4) / 27))


def _mel_to_hz(mel):
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * (np.log(6.4) / 27)))


def _mel_filters():
    edges = _mel_to_hz(np.linspace(_hz_to_mel(0), _hz_to_mel(RATE / 2), MELS + 2))
    hz = np.linspace(0, RATE / 2, FRAME // 2 + 1)
    rising = (hz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - hz) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]


_MEL_FILTERS = _mel_filters().astype(np.float32)


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


class Encoder:
    """`embed` turns mel windows of shape (n, 160, 40) into n unit vectors of 256."""

    def __init__(self, path):
        state = read_state(path)
        self._layers = [
            (state[f"lstm.weight_ih_l{i}"], state[f"lstm.weight_hh_l{i}"], state[f"lstm.bias_ih_l{i}"] + state[f"lstm.bias_hh_l{i}"])
            for i in range(3)
        ]
        self._linear = state["linear.weight"], state["linear.bias"]

    def embed(self, windows):
        parts = [self._embed_batch(windows[i : i + BATCH]) for i in range(0, len(windows), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, 256), np.float32)

    def _embed_batch(self, windows):
        steps = np.swapaxes(windows, 0, 1)
        for layer in self._layers:
            steps = _lstm(steps, *layer)
        weight, bias = self._linear
        raw = np.maximum(0, steps[-1] @ weight.T + bias)
        return raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-6)


def _lstm(steps, w_in, w_hidden, bias):
    """One layer over (time, batch, features); gate order input, forget, cell, output."""
    size = w_hidden.shape[1]
    hidden = cell = np.zeros((steps.shape[1], size), np.float32)
    out = np.empty((len(steps), steps.shape[1], size), np.float32)
    from_below = (steps.reshape(-1, steps.shape[2]) @ w_in.T + bias).reshape(len(steps), -1, 4 * size)
    for t, below in enumerate(from_below):
        gates = below + hidden @ w_hidden.T
        i, f, o = _sigmoid(gates[:, :size]), _sigmoid(gates[:, size : 2 * size]), _sigmoid(gates[:, 3 * size :])
        cell = f * cell + i * np.tanh(gates[:, 2 * size : 3 * size])
        hidden = o * np.tanh(cell)
        out[t] = hidden
    return out
