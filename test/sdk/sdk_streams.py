"""What the stream drivers of the Python SDKs share: threads that run a stream, and waiting for what it should hear."""
import logging
import re
import threading
import time

PATIENCE_SECONDS = 8


class Log(logging.Handler):
    """The messages of an SDK's logger: it acknowledges subscriptions and failures nowhere else."""

    def __init__(self, name):
        super().__init__()
        self.messages = []
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record):
        self.messages.append(record.getMessage())

    def said(self, pattern):
        """The first message that matches and has not been taken yet; None if there is none."""
        for index, message in enumerate(self.messages):
            found = re.search(pattern, message)
            if found:
                del self.messages[: index + 1]
                return found.group(found.lastindex or 0)
        return None


def wait_for(ready, what):
    """What `ready` gives once it gives something; nothing sleeps longer than it must."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = ready()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError(what)


def start(stream):
    """Runs a stream in a thread of its own."""
    thread = threading.Thread(target=stream.run, daemon=True)
    thread.start()
    return thread


def ended(thread):
    """Waits for a stream that was told to stop: it looks up every five seconds."""
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "the stream did not stop"


def refused(stream, log):
    """What a stream with wrong keys is told; it would try again for ever."""
    start(stream)
    return wait_for(lambda: log.said(r"communication: (.*)"), "a refusal")
