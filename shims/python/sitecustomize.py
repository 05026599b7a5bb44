"""Start-up hook of Python programs that `tapedeck run` starts: gives them the session's time and its server."""

import os
import sys


def _run_hidden_sitecustomize():
    """Runs the sitecustomize that this file hides, if there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in sys.path:
        path = os.path.join(folder or os.getcwd(), "sitecustomize.py")
        if os.path.abspath(os.path.dirname(path)) == here or not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            exec(compile(file.read(), path, "exec"), {"__name__": "sitecustomize", "__file__": path})
        return


_run_hidden_sitecustomize()

if os.environ.get("TAPEDECK_RUN_URL"):
    import tapedeck_clock
    import tapedeck_redirect

    tapedeck_clock.install()
    tapedeck_redirect.install()
