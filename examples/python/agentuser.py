"""agentuser from Python, by ctypes: the part of the C ABI that a script needs, in one file to copy.

The library is found by the environment's AGENTUSER_NATIVE_LIBRARY (the full path of the file), else beside this file.
Nothing but Python's own modules is needed.
"""

import ctypes
import json
import os
import pathlib
import sys
from ctypes import POINTER, byref, c_char_p, c_size_t, c_uint32, c_uint64, c_void_p

ABI_VERSION = 1
OK, PROBLEM, ENDED = 0, 1, 8
TIMEOUT, EVENT, TOKEN, ITEM, DONE, FAILED, RECORD = range(7)


class Str(ctypes.Structure):
    """Text that belongs to the library."""

    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]

    def text(self):
        return None if self.ptr is None else ctypes.string_at(self.ptr, self.len).decode()


def _load():
    name = {"win32": "agentuser.dll", "darwin": "libagentuser.dylib"}.get(sys.platform, "libagentuser.so")
    path = os.environ.get("AGENTUSER_NATIVE_LIBRARY") or pathlib.Path(__file__).with_name(name)
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise ImportError(f"{error}. Name the library in AGENTUSER_NATIVE_LIBRARY.") from error
    if library.agentuser_abi_version() != ABI_VERSION:
        raise ImportError(f"{path} has ABI version {library.agentuser_abi_version()}, and {ABI_VERSION} is needed")
    text, handle, out = [c_char_p, c_size_t], [c_void_p], [POINTER(c_void_p)]
    for name, arguments in {
        "result_json": handle + [POINTER(Str)],
        "client_new": text + text + out + out,
        "client_set_token": handle + text + [c_uint64] + out,
        "call_start": handle + text + text + [c_void_p, c_size_t] + out + out,
        "call_wait": handle + [c_uint32, POINTER(c_uint32)] + out,
        "call_token_failed": handle + text,
        "call_cancel": handle,
        "validate": text + out + out,
        "validate_member": text + out + out,
        "validate_roster": text + text + out + out,
        "derive": text + out + out,
        "explain": text + text + out + out,
        "simulator_start": text + out + out,
        "simulator_json": handle + out,
        **{f"{kind}_free": handle for kind in ("result", "client", "call", "simulator")},
    }.items():
        function = getattr(library, f"agentuser_{name}")
        function.argtypes, function.restype = arguments, c_uint32
    library.agentuser_status_name.argtypes, library.agentuser_status_name.restype = [c_uint32], Str
    library.agentuser_version.restype = Str
    library.agentuser_live_handles.restype = c_size_t
    return library


library = _load()


class Problem(Exception):
    """A problem; `details` has code, message, cause, fix and everything else that is known."""

    def __init__(self, details):
        lines = [f"{details['message']} {details['fix']}"]
        for error in details.get("rowErrors", ()):
            row = f"Row {error['row']}, " if "row" in error else ""
            lines.append(f"{row}{error['field']}: {error['message']} {error['fix']}")
        super().__init__("\n".join(lines))
        self.details, self.code, self.kind = details, details["code"], details["kind"]


class Misuse(Exception):
    """The library refuses to be used like this, for example after a free."""

    def __init__(self, status):
        super().__init__(library.agentuser_status_name(status).text())
        self.status = status


def given(value):
    """A JSON value, text or bytes, as pointer and length."""
    if value is None:
        return None, 0
    if not isinstance(value, (str, bytes)):
        value = json.dumps(value, separators=(",", ":"))
    value = value.encode() if isinstance(value, str) else value
    return value, len(value)


def taken(result):
    """The JSON of a result, which is freed."""
    text = Str()
    try:
        check(library.agentuser_result_json(result, byref(text)))
        return json.loads(ctypes.string_at(text.ptr, text.len))
    finally:
        library.agentuser_result_free(result)


def check(status, problem=None):
    if status == PROBLEM:
        raise Problem(taken(problem))
    if status != OK:
        raise Misuse(status)


def made(function, *arguments):
    """Calls a function that gives a handle or a problem."""
    handle, problem = c_void_p(), c_void_p()
    check(function(*arguments, byref(handle), byref(problem)), problem)
    return handle


def validate(request):
    return taken(made(library.agentuser_validate, *given(request)))


def validate_member(request):
    return taken(made(library.agentuser_validate_member, *given(request)))


def validate_roster(request, roster):
    return taken(made(library.agentuser_validate_roster, *given(request), *given(roster)))


def derive(request):
    return taken(made(library.agentuser_derive, *given(request)))


def explain(request, body=None):
    return taken(made(library.agentuser_explain, *given(request), *given(body)))


class _Freed:
    """An object with a handle, for `with`."""

    handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        handle, self.handle = self.handle, None
        self._free(handle)


class Simulator(_Freed):
    """A simulated Graph on this machine."""

    _free = staticmethod(library.agentuser_simulator_free)

    def __init__(self, options=None):
        self.handle = made(library.agentuser_simulator_start, *given(options or {}))
        result = c_void_p()
        check(library.agentuser_simulator_json(self.handle, byref(result)))
        found = taken(result)
        self.endpoint, self.token = found["endpoint"], found["token"]


class Client(_Freed):
    """A client. `get_token` is called with the demand, such as `{"scope": …, "refused": False}`, on the thread that
    iterates over a call, and returns the access token, or the token and its seconds of life."""

    _free = staticmethod(library.agentuser_client_free)

    def __init__(self, config, get_token=None, secret=None):
        self.get_token = get_token
        self.handle = made(library.agentuser_client_new, *given(config), *given(secret))

    def set_token(self, token, expires_in=0):
        problem = c_void_p()
        check(
            library.agentuser_client_set_token(self.handle, *given(token), expires_in, byref(problem)), problem
        )

    def call(self, operation, data=None):
        """Starts an operation; iterate over it for its events and items."""
        return Call(self, operation, data)

    def run(self, operation, data=None, on_item=None, on_event=None, on_record=None):
        """Runs an operation to its end: its result, or a Problem. Records come where the operation's `records` ask for
        them, as `["requests", "changes"]`."""
        with self.call(operation, data) as call:
            for kind, value in call:
                listener = {ITEM: on_item, EVENT: on_event, RECORD: on_record}.get(kind)
                if listener:
                    listener(value)
            return call.result


class Call(_Freed):
    """An operation under way. Iterating yields (EVENT, progress), (ITEM, page or report) and (RECORD, record); then
    `result` is there."""

    _free = staticmethod(library.agentuser_call_free)

    def __init__(self, client, operation, data=None):
        self.client, self.result = client, None
        self.handle = made(library.agentuser_call_start, client.handle, *given(operation), *given(data), None, 0)

    def wait(self, timeout_ms):
        """The next kind and result handle."""
        kind, result = c_uint32(), c_void_p()
        check(library.agentuser_call_wait(self.handle, timeout_ms, byref(kind), byref(result)))
        return kind.value, result

    def __iter__(self):
        while True:
            # With a timeout, so that Ctrl+C is noticed.
            kind, result = self.wait(200)
            if kind == TIMEOUT:
                continue
            value = taken(result)
            if kind == TOKEN:
                self._sign_in(value)
            elif kind == DONE:
                self.result = value
                return
            elif kind == FAILED:
                raise Problem(value)
            else:
                yield kind, value

    def _sign_in(self, wanted):
        try:
            if self.client.get_token is None:
                raise RuntimeError("the client was given no get_token")
            token = self.client.get_token(wanted)
            self.client.set_token(*(token if isinstance(token, tuple) else (token,)))
        except Exception as error:
            self.token_failed(str(error))

    def token_failed(self, why):
        check(library.agentuser_call_token_failed(self.handle, *given(why)))

    def cancel(self):
        """Ends the operation in good order; iterating goes on to the end. From any thread."""
        check(library.agentuser_call_cancel(self.handle))
