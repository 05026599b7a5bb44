"""What the drivers of the Python SDKs share: the calls of a class's methods, and a JSON line for what became of each."""
import inspect
import json
import os
import sys
import types

import requests

BASE = os.environ["TAPEDECK_BASE"]
SESSION = os.environ["TAPEDECK_SESSION"]
KEY = os.environ["TAPEDECK_KEY"]
SECRET = os.environ["TAPEDECK_SECRET"]
MISSING = "3f0c1f5e-0000-4000-8000-000000000000"


def advance(minutes):
    """Moves the session's clock; what happened meanwhile has then been sent to the streams."""
    server = BASE[: BASE.index("/sim/")]
    url = f"{server}/v1/sessions/{SESSION}/time/advance"
    requests.post(url, auth=(KEY, SECRET), json={"duration": minutes}).raise_for_status()


def tell(line):
    """A line of the driver's answer."""
    print(json.dumps(line, default=str), flush=True)


def public_methods(owner):
    """The names of a class's public methods, those of its parents included."""
    return {name for name, _ in inspect.getmembers(owner, inspect.isfunction) if not name.startswith("_")}


def require_all(owner, names):
    """Ends the driver when a public method has no call, or a call no method."""
    known, called = public_methods(owner), set(names)
    if known != called:
        sys.exit(f"{owner.__name__}: without a call {sorted(known - called)}, unknown {sorted(called - known)}")


def outcome(call):
    """ "works", or the status of the refusal that the SDK raised; any other error ends the driver."""
    try:
        result = call()
        if isinstance(result, types.GeneratorType):
            list(result)
        return "works"
    except Exception as error:
        response = getattr(error, "response", None)
        if response is None:
            raise
        refused = response.status_code == 422 and any(
            word in response.text for word in ("not simulated", "not served")
        )
        return f"{response.status_code}, not simulated" if refused else str(response.status_code)


def tell_all(owner, calls):
    """A line for each method: its right call, and its wrong one where there is one."""
    require_all(owner, calls)
    for name, (right, *wrong) in calls.items():
        method = f"{owner.__name__}.{name}"
        try:
            failure = None
            success = outcome(right)
            if wrong:
                failure = outcome(wrong[0])
        except Exception as error:
            raise RuntimeError(method) from error
        tell({"method": method, "success": success, "failure": failure})
