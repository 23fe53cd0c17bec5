"""Where somebody speaks: stretches of speech between pauses, by the Silero detector that faster-whisper ships."""
from faster_whisper.vad import VadOptions, get_speech_timestamps

# Pauses of 0.15 s split: people who take turns leave 0.2 s and more between them.
OPTIONS = VadOptions(threshold=0.5, min_speech_duration_ms=150, min_silence_duration_ms=150, speech_pad_ms=40)


def speech_regions(samples):
    """`[(start, end)]` in samples at 16 kHz."""
    return [(r["start"], r["end"]) for r in get_speech_timestamps(samples, OPTIONS)]
