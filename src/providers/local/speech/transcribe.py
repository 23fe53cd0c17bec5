"""Hears words. Usage: transcribe.py '{"wav", "model", "language", "fromMs"}'; JSON lines out: ready, segment, done."""
import json
import math
import sys

import child
from faster_whisper import WhisperModel
from wav import RATE, Wav

BLOCK_SECONDS = 600  # the engine holds a block's spectrogram in memory: about 60 MB


def load(model, language):
    try:
        engine = WhisperModel(model, device="cpu", compute_type="int8")
    except Exception as error:
        raise child.Refused("speech-engine-missing", f"WHISPER_MODEL can not be loaded ({type(error).__name__})")
    if language and language not in engine.supported_languages:
        known = "English only" if len(engine.supported_languages) == 1 else "not this language"
        raise child.Refused("language-not-supported", f"The speech model knows {known}; set WHISPER_MODEL to one that knows {language}")
    return engine


def hear(engine, wav, language, from_ms):
    """Says each segment as it comes; answers the language that was heard."""
    for start, samples in wav.blocks(from_ms * RATE // 1000, BLOCK_SECONDS):
        segments, info = engine.transcribe(samples, language=language, vad_filter=True, word_timestamps=True)
        for segment in segments:
            say_segment(segment, start * 1000 // RATE, (start + len(samples)) * 1000 // RATE)
        if info.duration_after_vad > 0:
            language = info.language
    return language


def say_segment(segment, offset_ms, end_ms):
    """Times count from the start of the file; the engine may claim words after the end of the sound: clamped."""
    place = lambda seconds: min(end_ms, offset_ms + round(seconds * 1000))
    words = [{"startMs": place(w.start), "endMs": place(w.end), "text": w.word.strip()} for w in segment.words]
    child.say(
        type="segment",
        startMs=place(segment.start),
        endMs=place(segment.end),
        text=segment.text.strip(),
        confidence=round(math.exp(min(0, segment.avg_logprob)), 3),
        words=words,
    )


def main():
    request = json.loads(sys.argv[1])
    engine = load(request["model"], request["language"])
    child.say(type="ready")
    heard = hear(engine, Wav(request["wav"]), request["language"], request["fromMs"])
    child.say(type="done", language=heard or "en")


if __name__ == "__main__":
    child.run(main)
