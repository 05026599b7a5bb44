"""The session's time in place of the machine's: it moves only while the program sleeps, or waits for a message.

A thread that sleeps waits for a moment of the session. Once every thread of the program waits, the session is advanced
to the earliest of these moments, and, while the program listens to streams, by at most a minute at a time.
"""

import asyncio.base_events
import asyncio.selector_events
import contextlib
import datetime as datetime_module
import http.client
import importlib.machinery
import json
import os
import signal
import sys
import threading
import time as time_module
import urllib.parse

_real_sleep = time_module.sleep
_real_time_functions = {name: getattr(time_module, name) for name in ("localtime", "gmtime", "strftime")}
_real_datetime = datetime_module.datetime
_real_date = datetime_module.date
_real_event_wait = threading.Event.wait

MINUTE_MS = 60_000
#: Seconds between two looks at a thread that may be waiting: long enough for it to go on, short enough to be unnoticed.
LOOK_SECONDS = 0.0005
FOREVER = float("inf")
#: Libraries give a closing connection ten seconds; there is nobody any more who could answer.
HASTE = 100


class Session:
    """Requests to the session: where its clock is, and to move it."""

    def __init__(self):
        url = urllib.parse.urlsplit(os.environ["TAPEDECK_RUN_URL"])
        self._address = (url.hostname, url.port)
        self._path = "/v1/sessions/" + os.environ["TAPEDECK_RUN_SESSION"]
        self._connection = None

    def clock_ms(self):
        return _ms_of(self._ask("GET", "", None)["current_time"])

    def advance(self, to_ms, lockstep):
        """The clock after it, and whether the session has ended."""
        body = json.dumps({"targetTime": _text_of(to_ms)})
        answer = self._ask("POST", "/time/advance" + lockstep, body)
        return _ms_of(answer["currentTime"]), answer["isCompleted"]

    def _ask(self, method, path, body):
        headers = {"APCA-API-KEY-ID": "run", "APCA-API-SECRET-KEY": "run"}
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(*self._address)
            try:
                self._connection.request(method, self._path + path, body, headers)
                response = self._connection.getresponse()
                text = response.read()
                break
            except (http.client.HTTPException, OSError):
                self._connection = None
                if attempt == 2:
                    raise
        answer = json.loads(text)
        if response.status == 400 and "completed" in answer.get("message", ""):
            return {"currentTime": _text_of(clock.now_ms), "isCompleted": True}
        if response.status >= 300:
            raise RuntimeError("tapedeck: %s" % answer.get("message", text))
        return answer


_EPOCH = _real_datetime(1970, 1, 1, tzinfo=datetime_module.timezone.utc)


def _ms_of(text):
    seconds, _, fraction = text.rstrip("Z").partition(".")
    moment = _real_datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime_module.timezone.utc)
    return int((moment - _EPOCH).total_seconds()) * 1000 + int((fraction + "000")[:3])


def _text_of(ms):
    moment = _EPOCH + datetime_module.timedelta(milliseconds=ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (ms % 1000)


class Clock:
    def __init__(self):
        #: What the program is told. While the session moves it is already where it will be, as messages tell of it then.
        self.now_ms = 0
        #: How far the session has come: whoever waits for a moment waits for this.
        self._reached_ms = 0
        #: Set by requests that change something: streams may have something to tell before the clock moves.
        self.has_spoken = False
        self._session = None
        self._speed = None
        self._lock = threading.Lock()
        self._step = threading.Condition(self._lock)
        #: By thread: the moment that it waits for.
        self._waiting = {}
        #: How often a thread has begun or ended to wait.
        self._changes = 0
        #: Requests of event loops that the server has yet to answer.
        self._exchanges = 0
        #: Threads that wait in an event loop, and those that sleep while their loop cannot run.
        self._in_loops = set()
        self._over_loops = set()
        self._mover = None
        self._has_ended = False
        #: Real seconds at which the program was told to end: from then on it cleans up, in a hurry.
        self._told_at = None

    def start(self):
        self._session = Session()
        speed = os.environ.get("TAPEDECK_RUN_SPEED", "max")
        self._speed = None if speed == "max" else float(speed)
        self.now_ms = self._reached_ms = self._session.clock_ms()

    def seconds(self):
        return self.now_ms / 1000

    def loop_seconds(self):
        """For event loops: messages of a moment come before its timers."""
        more = 0 if self._told_at is None else (time_module.monotonic() - self._told_at) * HASTE
        return self._reached_ms / 1000 + more

    def sleep(self, seconds):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if self._told_at is not None:
            _real_sleep(seconds / HASTE)
            return
        deadline = self.now_ms + max(1, round(seconds * 1000)) if seconds > 0 else self.now_ms
        if deadline == self.now_ms:
            _real_sleep(0)
        elif self._mover is None and threading.active_count() == 1 and not _has_running_loop():
            self._move_alone(deadline)
        else:
            self._wait(deadline)

    def _move_alone(self, deadline):
        """A program of one thread needs nobody to watch over it."""
        while self._reached_ms < deadline and not self._has_ended:
            self._advance(deadline, "")
        self._leave_if_ended()

    def _wait(self, deadline):
        me = threading.get_ident()
        blocks_loop = _has_running_loop()
        with self._lock:
            self._begin_waiting(me, deadline)
            if blocks_loop:
                self._over_loops.add(me)
            try:
                while self._reached_ms < deadline and not self._has_ended:
                    self._step.wait(1)
            finally:
                self._end_waiting(me)
                self._over_loops.discard(me)
        self._leave_if_ended()

    def wait_for(self, is_done, pause, seconds):
        """Waits until something is done or the time has passed, with a short `pause` between two looks at it."""
        deadline = self.now_ms + max(1, round(seconds * 1000))
        me = threading.get_ident()
        with self._lock:
            self._begin_waiting(me, deadline)
        try:
            while not is_done() and self._reached_ms < deadline and not self._has_ended:
                pause()
        finally:
            with self._lock:
                self._end_waiting(me)
        self._leave_if_ended()

    @contextlib.contextmanager
    def exchange(self):
        """While it lasts the clock stands: an event loop that waits for an answer to a request is not idle."""
        with self._lock:
            self._exchanges += 1
        try:
            yield
        finally:
            with self._lock:
                self._exchanges -= 1
                self._changes += 1

    def select(self, selector, timeout):
        """What an event loop waits for: its sockets, and its next timer."""
        if self._told_at is not None:
            return selector.select(None if timeout is None else timeout / HASTE)
        events = selector.select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        deadline = FOREVER if timeout is None else self.now_ms + max(1, round(timeout * 1000))
        me = threading.get_ident()
        with self._lock:
            self._begin_waiting(me, deadline)
            self._in_loops.add(me)
        try:
            while not events and self._reached_ms < deadline and not self._has_ended:
                events = selector.select(LOOK_SECONDS)
        finally:
            with self._lock:
                self._end_waiting(me)
                self._in_loops.discard(me)
        self._leave_if_ended()
        return events

    def _begin_waiting(self, thread, deadline):
        self._waiting[thread] = deadline
        self._changes += 1
        self._start_mover()

    def _end_waiting(self, thread):
        self._waiting.pop(thread, None)
        self._changes += 1

    def _leave_if_ended(self):
        """The session is over: the main thread ends the program in order, the others wait for it."""
        if not self._has_ended or self._told_at is not None:
            return
        if threading.current_thread() is threading.main_thread():
            self._told_at = time_module.monotonic()
            raise SystemExit(0)
        while True:
            _real_sleep(60)

    def _start_mover(self):
        if self._mover is None:
            self._mover = threading.Thread(target=self._move, name="tapedeck-clock", daemon=True)
            self._mover.start()

    def _move(self):
        while not self._has_ended:
            changes = self._changes
            is_idle = self._is_idle()
            with self._lock:
                # A thread that went on since the look at it has yet to be heard.
                is_idle = is_idle and changes == self._changes and self._exchanges == 0
                deadline = min(self._waiting.values(), default=None)
                listens = bool(self._in_loops)
                blocks = bool(self._over_loops)
            if not is_idle or deadline is None or deadline <= self._reached_ms:
                _real_sleep(LOOK_SECONDS)
            elif listens and self.has_spoken and not blocks:
                # What was asked for since the last step is heard of before the clock moves.
                self.has_spoken = False
                self._advance(self.now_ms, "?lockstep=true")
            else:
                minute = (self.now_ms // MINUTE_MS + 1) * MINUTE_MS
                goal = min(deadline, minute) if listens or deadline == FOREVER else deadline
                self._advance(int(goal), "?lockstep=false" if blocks else "")

    def _is_idle(self):
        """Whether every thread waits, at two looks one after the other."""
        for _ in range(2):
            frames = sys._current_frames()
            with self._lock:
                waiting = set(self._waiting)
            for thread in threading.enumerate():
                if thread is self._mover or thread.ident in waiting:
                    continue
                if not _is_blocked(frames.get(thread.ident)):
                    return False
            if any(_is_awake(thread) for thread in threading.enumerate() if thread is not self._mover):
                return False
            _real_sleep(LOOK_SECONDS)
        return True

    def _advance(self, goal, lockstep):
        if self._speed is not None and goal > self.now_ms:
            _real_sleep((goal - self.now_ms) / 1000 / self._speed)
        self.now_ms = goal
        now, has_ended = self._session.advance(goal, lockstep)
        with self._lock:
            self.now_ms = self._reached_ms = now
            self._has_ended = has_ended
            self._step.notify_all()


#: Functions of the standard library in which a thread waits for another one.
_WAITS = {
    ("threading.py", "wait"),
    ("threading.py", "join"),
    ("threading.py", "_wait_for_tstate_lock"),
    ("threading.py", "_shutdown"),
    ("thread.py", "_worker"),
    ("queue.py", "get"),
    ("selectors.py", "select"),
    ("socketserver.py", "serve_forever"),
}


def _is_blocked(frame):
    if frame is None:
        # A thread that is just being started.
        return False
    code = frame.f_code
    return (os.path.basename(code.co_filename), code.co_name) in _WAITS


def _is_awake(thread):
    """Whether the system is about to run a thread: one that was woken up may not have come to run yet.

    Linux says so (proc_pid_stat(5)); elsewhere the time between two looks at a thread has to do.
    """
    try:
        file = os.open("/proc/self/task/%d/stat" % thread.native_id, os.O_RDONLY)
    except (OSError, TypeError):
        return False
    try:
        return os.read(file, 512).rpartition(b") ")[2].startswith(b"R")
    except OSError:
        return False
    finally:
        os.close(file)


def _has_running_loop():
    return asyncio._get_running_loop() is not None


clock = Clock()


class _LoopSelector:
    """A selector of an event loop whose waiting is counted in the session's time."""

    def __init__(self, selector):
        self._real = selector

    def select(self, timeout=None):
        return clock.select(self._real, timeout)

    def __getattr__(self, name):
        return getattr(self._real, name)


def _event_wait(self, timeout=None):
    if timeout is None or timeout <= 0 or self.is_set():
        return _real_event_wait(self, timeout)
    clock.wait_for(self.is_set, lambda: _real_event_wait(self, LOOK_SECONDS), timeout)
    return self.is_set()


class _DateMeta(type):
    """Dates and times that the interpreter's own code makes are instances too."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, cls._real)

    def __subclasscheck__(cls, subclass):
        return issubclass(subclass, cls._real) if isinstance(subclass, type) else False


def _dated(real, name, methods):
    return _DateMeta(name, (real,), {**methods, "_real": real, "__module__": "datetime", "__qualname__": name})


def _now(cls, tz=None):
    return cls.fromtimestamp(clock.seconds(), tz)


def _utcnow(cls):
    moment = _EPOCH + datetime_module.timedelta(milliseconds=clock.now_ms)
    return cls(*moment.timetuple()[:6], moment.microsecond)


def _today(cls):
    return cls.fromtimestamp(clock.seconds())


def _patch_time():
    time_module.time = clock.seconds
    time_module.time_ns = lambda: clock.now_ms * 1_000_000
    time_module.sleep = clock.sleep
    for name in ("localtime", "gmtime"):
        real = _real_time_functions[name]
        setattr(time_module, name, lambda secs=None, real=real: real(clock.seconds() if secs is None else secs))
    strftime = _real_time_functions["strftime"]
    time_module.strftime = lambda format, t=None: strftime(format, time_module.localtime() if t is None else t)
    time_module.ctime = lambda secs=None: time_module.asctime(time_module.localtime(secs))
    asctime = time_module.asctime
    time_module.asctime = lambda t=None: asctime(time_module.localtime() if t is None else t)


def _patch_datetime():
    now = {"now": classmethod(_now), "utcnow": classmethod(_utcnow), "today": classmethod(_today)}
    moment = _dated(_real_datetime, "datetime", now)
    day = _dated(_real_date, "date", {"today": classmethod(_today)})

    def use(datetime_class, date_class):
        datetime_module.datetime, datetime_module.date = datetime_class, date_class

    use(moment, day)
    depth = [0]

    def as_it_is(load):
        """Compiled modules know the layout of the real classes by heart: while one is loaded, they are there."""

        def loaded(*args):
            depth[0] += 1
            use(_real_datetime, _real_date)
            try:
                return load(*args)
            finally:
                depth[0] -= 1
                if depth[0] == 0:
                    use(moment, day)

        return loaded

    loader = importlib.machinery.ExtensionFileLoader
    loader.create_module = as_it_is(loader.create_module)
    loader.exec_module = as_it_is(loader.exec_module)


def _patch_loops():
    make = asyncio.selector_events.BaseSelectorEventLoop.__init__

    def init(self, selector=None):
        make(self, selector)
        self._selector = _LoopSelector(self._selector)
        # A timer that is due now must be seen to be: seconds since 1970 have no room for a nanosecond more.
        self._clock_resolution = 0.0001

    asyncio.selector_events.BaseSelectorEventLoop.__init__ = init
    asyncio.base_events.BaseEventLoop.time = lambda self: clock.loop_seconds()
    threading.Event.wait = _event_wait


def _end(_signal, _frame):
    sys.exit(0)


def install():
    """Says that the program keeps the session's time, and gives it that."""
    try:
        with open(os.environ["TAPEDECK_RUN_HELLO"], "a") as file:
            file.write("python %d\n" % os.getpid())
    except OSError:
        pass
    clock.start()
    _patch_time()
    _patch_datetime()
    _patch_loops()
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end)
