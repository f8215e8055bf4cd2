"""One line of JSON per call, for `cargo xtask strangers`."""

import inspect
import json
import re


def report(client, call, expected, passed, got):
    print(json.dumps({"client": client, "call": call, "expected": expected, "pass": bool(passed), "got": str(got)[:300]}), flush=True)


def lacks(error):
    """An answer that the simulator lacks is never a pass."""
    return getattr(error, "response_status_code", None) == 501 or re.search("NotSimulated|\\b501\\b", str(error)) is not None


async def play(client, calls):
    """Each call is (name, what Microsoft's pages print, run, judge). `judge(value, error)` says whether it came."""
    for name, expected, run, judge in calls:
        value = error = None
        try:
            value = run()
            if inspect.isawaitable(value):
                value = await value
        except Exception as thrown:
            error = thrown
        try:
            passed = not lacks(error) and judge(value, error)
        except Exception:
            passed = False
        got = f"{type(error).__name__} {error}" if error else value
        report(client, name, expected, passed, got)
