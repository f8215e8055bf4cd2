"""The operation handle, with Python's http.client as the transport: a host that sends by itself."""

import http.client
import json
import time
import urllib.parse
from ctypes import POINTER, Structure, byref, c_int64, c_size_t, c_uint32, c_uint64, c_void_p, string_at

from agentuser import Problem, Str, _Freed, check, given, library, made, taken

SEND, ABORT, ITEM, EVENT, WAIT, DONE, FAILED = range(1, 8)

_text, _handle, _out = [c_void_p, c_size_t], [c_void_p], [POINTER(c_void_p)]
for _name, _arguments in {
    "session_new": _text + _out + _out,
    "session_note_token": _handle + [c_uint64] + _text,
    "operation_new": _handle + _text + _text + [c_uint32, c_uint64] + _out + _out,
    "operation_poll": _handle + [c_uint64, c_int64, POINTER(c_uint32)] + _out,
    "operation_answer": _handle + [c_uint64] + _text + _text + [POINTER(c_uint32)] + _out,
    "operation_token_pending": _handle + [c_uint64],
    "operation_may_send": _handle + [c_uint64, POINTER(c_uint32)],
    "operation_canceller": _handle + _out,
    "canceller_cancel": _handle,
    "result_bodies": _handle + [POINTER(c_size_t)],
    "result_body": _handle + [c_size_t, POINTER(c_uint64), POINTER(Str)],
    **{f"{kind}_free": _handle for kind in ("session", "operation", "canceller")},
}.items():
    _function = getattr(library, f"agentuser_{_name}")
    _function.argtypes, _function.restype = _arguments, c_uint32


class Session(_Freed):
    _free = staticmethod(library.agentuser_session_free)

    def __init__(self, config):
        self.handle = made(library.agentuser_session_new, *given(config))


class Canceller(_Freed):
    _free = staticmethod(library.agentuser_canceller_free)

    def __init__(self, handle):
        self.handle = handle

    def cancel(self):
        check(library.agentuser_canceller_cancel(self.handle))


class Operation(_Freed):
    _free = staticmethod(library.agentuser_operation_free)

    def __init__(self, session, operation, data=None, in_flight=1, seed=0):
        self.handle = made(
            library.agentuser_operation_new, session.handle, *given(operation), *given(data), in_flight, seed
        )

    def poll(self, mono_ms, unix_ms):
        """The next step, and the bodies of its requests by their ids."""
        kind, result, count = c_uint32(), c_void_p(), c_size_t()
        check(library.agentuser_operation_poll(self.handle, mono_ms, unix_ms, byref(kind), byref(result)))
        check(library.agentuser_result_bodies(result, byref(count)))
        bodies = {}
        for number in range(count.value):
            identity, body = c_uint64(), Str()
            check(library.agentuser_result_body(result, number, byref(identity), byref(body)))
            bodies[identity.value] = string_at(body.ptr, body.len)
        return kind.value, taken(result), bodies

    def answer(self, identity, answer, body=None):
        accepted, problem = c_uint32(), c_void_p()
        check(
            library.agentuser_operation_answer(
                self.handle, identity, *given(answer), *given(body), byref(accepted), byref(problem)
            ),
            problem,
        )
        return accepted.value == 1

    def canceller(self):
        handle = c_void_p()
        check(library.agentuser_operation_canceller(self.handle, byref(handle)))
        return Canceller(handle)


class Host:
    """Sends one request at a time over http.client. `get_token(refused)` returns a token; each new one has a number."""

    def __init__(self, session, get_token):
        self.session, self.get_token = session, get_token
        self.token, self.tag = None, 0

    def run(self, operation, data=None, on_step=None):
        """Its result, or a Problem. `on_step(kind, step, operation)` sees every step."""
        with Operation(self.session, operation, data) as running:
            while True:
                kind, step, bodies = running.poll(time.monotonic_ns() // 1_000_000, time.time_ns() // 1_000_000)
                if on_step:
                    on_step(kind, step, running)
                if kind == SEND:
                    for request in step["requests"]:
                        running.answer(request["id"], *self._send(request, bodies.get(request["id"])))
                elif kind == WAIT:
                    # Nothing is in flight here: this host waits for every answer.
                    time.sleep(max(0, step["untilMs"] - time.monotonic_ns() // 1_000_000) / 1000)
                elif kind == DONE:
                    return step["result"]
                elif kind == FAILED:
                    raise Problem(step["problem"])

    def _send(self, request, body):
        refused = request.get("rejectedToken")
        if self.token is None or (refused and refused["tag"] == self.tag):
            try:
                self.token, self.tag = self.get_token(refused), self.tag + 1
            except Exception as error:
                return ({"answer": "noToken", "message": str(error)},)
        url = urllib.parse.urlsplit(request["url"])
        headers = {**dict(request["headers"]), "Authorization": f"Bearer {self.token}"}
        connection = http.client.HTTPConnection(url.netloc, timeout=60)
        try:
            connection.connect()
        except OSError as error:
            return ({"answer": "lost", "sent": "no", "why": "unreachable", "message": str(error)},)
        try:
            target = url.path + (f"?{url.query}" if url.query else "")
            connection.request(request["method"], target, body, headers)
            response = connection.getresponse()
            content = response.read()
            answer = {"answer": "response", "status": response.status, "headers": response.getheaders(), "token": self.tag}
            return answer, content
        except (OSError, http.client.HTTPException) as error:
            return ({"answer": "lost", "sent": "maybe", "why": "broken", "message": repr(error)},)
        finally:
            connection.close()
