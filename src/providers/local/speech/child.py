"""What both child programs need: one JSON line per message, and an end when the parent ends."""
import json
import os
import sys
import threading
import types


class Refused(Exception):
    """A reason for the caller: a stable code and a sentence."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def say(**message):
    print(json.dumps(message, ensure_ascii=False), flush=True)


def run(main):
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        main()
    except Refused as refused:
        say(type="refused", code=refused.code, message=str(refused))


def _end_with_parent():
    """Standard input is a pipe that the parent never writes to: it closes when the parent is gone, killed or not."""
    while os.read(0, 1024):
        pass
    os._exit(1)


# faster-whisper imports PyAV for decoding media files. It is given samples here, so that no second decoder ever sees
# an upload, and 100 MB need not be installed.
sys.modules.setdefault("av", types.ModuleType("av"))
