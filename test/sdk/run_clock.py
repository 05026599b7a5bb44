"""Waits in every way that Python has, and says what the session's time is after each."""

import asyncio
import datetime
import json
import threading
import time
from datetime import date, datetime as moment, timezone

seen = {}


def note(name):
    seen[name] = moment.now(timezone.utc).isoformat()


note("start")
seen["types"] = [
    isinstance(moment.now(), datetime.datetime),
    isinstance(moment.fromtimestamp(0, timezone.utc), moment),
    isinstance(date.today(), date),
    type(moment.now() - moment.now()).__name__,
    json.dumps(str(date.today())),
    time.strftime("%Y", time.gmtime()),
    moment.utcnow().isoformat() == moment.now(timezone.utc).replace(tzinfo=None).isoformat(),
]
before = time.time()
time.sleep(90)
seen["slept"] = time.time() - before
note("sleep")


async def naps():
    first = asyncio.create_task(asyncio.sleep(60))
    second = asyncio.create_task(asyncio.sleep(30))
    await second
    note("second nap")
    await first
    note("first nap")
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 45)
    except asyncio.TimeoutError:
        note("timeout")


asyncio.run(naps())
woken = []


def work(name, seconds):
    time.sleep(seconds)
    woken.append([name, moment.now(timezone.utc).isoformat()])


threads = [threading.Thread(target=work, args=pair) for pair in (("slow", 120), ("quick", 60))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
seen["threads"] = woken
event = threading.Event()
seen["in vain"] = event.wait(30)
note("event")
threading.Thread(target=lambda: (time.sleep(10), event.set())).start()
seen["in time"] = event.wait(600)
note("set")
late = []


def nap_often(seconds):
    due = time.time()
    for _ in range(20):
        due += seconds
        time.sleep(seconds)
        late.append(time.time() - due)


nappers = [threading.Thread(target=nap_often, args=(seconds,)) for seconds in (1, 2, 3, 5, 7, 11)]
for thread in nappers:
    thread.start()
for thread in nappers:
    thread.join()
seen["late"] = [len(late), sum(late)]
print("seen " + json.dumps(seen))
while True:
    time.sleep(3600)
