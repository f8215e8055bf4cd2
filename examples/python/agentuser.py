"""agentuser from Python, by ctypes: the part of the C ABI that a script needs, in one file to copy.

The library is found by the environment's AGENTUSER_NATIVE_LIBRARY (the full path of the file), else beside this file.
Nothing but Python's own modules is needed. Its types are checked by `mypy --strict`.
"""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import sys
from ctypes import POINTER, byref, c_char_p, c_size_t, c_uint32, c_uint64, c_void_p
from types import TracebackType
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Type, TypeVar, Union

Json = Dict[str, Any]
"""An object of the JSON tier; docs/schema.json describes them all."""

Data = Union[str, bytes]
"""The content of a file."""

Answer = Union[str, bytes, Tuple[Union[str, bytes], int], None]
"""The answer to a demand: a token, or the token and its seconds of life; an assertion; the bytes of a signature; None where
the demand wants no answer."""

ABI_VERSION = 1
OK, PROBLEM, ENDED = 0, 1, 8
TIMEOUT, EVENT, DEMAND, ITEM, DONE, FAILED, RECORD = range(7)


class Str(ctypes.Structure):
    """Text that belongs to the library."""

    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]

    ptr: Optional[int]
    len: int

    def text(self) -> Optional[str]:
        return None if self.ptr is None else ctypes.string_at(self.ptr, self.len).decode()


def _path() -> pathlib.Path:
    name = {"win32": "agentuser.dll", "darwin": "libagentuser.dylib"}.get(sys.platform, "libagentuser.so")
    chosen = os.environ.get("AGENTUSER_NATIVE_LIBRARY")
    if chosen and not os.path.isabs(chosen):
        raise ImportError(f"AGENTUSER_NATIVE_LIBRARY is {chosen!r}. Set it to the full path of {name}.")
    return pathlib.Path(chosen) if chosen else pathlib.Path(__file__).resolve().with_name(name)


def _load() -> ctypes.CDLL:
    path = _path()
    fix = f"Put {path.name} beside agentuser.py, or set AGENTUSER_NATIVE_LIBRARY to its full path."
    try:
        library = ctypes.CDLL(str(path))
        version = library.agentuser_abi_version()
        if version != ABI_VERSION:
            raise ImportError(f"{path} has version {version} of the interface, and {ABI_VERSION} is needed. {fix}")
        _declare(library)
    except (OSError, AttributeError) as error:
        raise ImportError(f"The native library of agentuser can't be loaded: {error}. {fix}") from error
    return library


def _declare(library: ctypes.CDLL) -> None:
    """Tells ctypes the functions. An older library of the same interface lacks some."""
    text: List[Any] = [c_char_p, c_size_t]
    handle: List[Any] = [c_void_p]
    out: List[Any] = [POINTER(c_void_p)]
    functions: Dict[str, List[Any]] = {
        "result_json": handle + [POINTER(Str)],
        "result_body": handle + [c_size_t, POINTER(c_uint64), POINTER(Str)],
        "client_new": text + text + out + out,
        "client_set_token": handle + text + [c_uint64] + out,
        "client_answer": handle + [c_uint64] + text + [c_uint64] + out,
        "client_sign_out": handle,
        "token_start": handle + text + [c_void_p, c_size_t] + out + out,
        "call_start": handle + text + text + [c_void_p, c_size_t] + out + out,
        "call_wait": handle + [c_uint32, POINTER(c_uint32)] + out,
        "call_demand_failed": handle + text,
        "call_cancel": handle,
        "validate": text + out + out,
        "validate_member": text + out + out,
        "validate_roster": text + text + out + out,
        "derive": text + out + out,
        "explain": text + text + out + out,
        "explain_code": text + out + out,
        "render_report": text + text + out + out,
        "consent_url": text + out + out,
        "access_policies": text + out + out,
        "simulator_start": text + out + out,
        "simulator_json": handle + out,
        **{f"{kind}_free": handle for kind in ("result", "client", "call", "simulator")},
    }
    for name, arguments in functions.items():
        function = getattr(library, f"agentuser_{name}")
        function.argtypes, function.restype = arguments, c_uint32
    library.agentuser_status_name.argtypes, library.agentuser_status_name.restype = [c_uint32], Str
    library.agentuser_version.restype = Str
    library.agentuser_live_handles.restype = c_size_t


library = _load()


class Problem(Exception):
    """A problem; `details` has code, message, cause, fix and everything else that is known."""

    def __init__(self, details: Json) -> None:
        lines = [f"{details['message']} {details['fix']}"]
        violations = details.get("violations", ())
        if len(violations) > 1:
            # The message has what is wrong with each, the fix is theirs.
            lines += [f"{violation['field']}: {violation['fix']}" for violation in violations]
        for error in details.get("rowErrors", ()):
            row = f"Row {error['row']}, " if "row" in error else ""
            lines.append(f"{row}{error['field']}: {error['message']} {error['fix']}")
        self.details = details
        self.code: str = details["code"]
        self.kind: str = details["kind"]
        super().__init__("\n".join([*lines, f"See {self.see}"]))

    @property
    def see(self) -> str:
        """The place where more is said: Microsoft's page, or the function of this module that explains the code."""
        page: Optional[str] = self.details.get("documentation")
        return page or f'agentuser.explain_code("{self.code}")'


class Misuse(Exception):
    """The library refuses to be used like this, for example after a free."""

    def __init__(self, status: int) -> None:
        super().__init__(library.agentuser_status_name(status).text())
        self.status = status


def given(value: Any) -> Tuple[Optional[bytes], int]:
    """A JSON value, text or bytes, as pointer and length."""
    if value is None:
        return None, 0
    if not isinstance(value, (str, bytes)):
        value = json.dumps(value, separators=(",", ":"))
    data: bytes = value.encode() if isinstance(value, str) else value
    return data, len(data)


def taken(result: Optional[c_void_p]) -> Any:
    """The JSON of a result, which is freed."""
    text = Str()
    try:
        check(library.agentuser_result_json(result, byref(text)))
        return json.loads(text.text() or "null")
    finally:
        library.agentuser_result_free(result)


def _body(result: c_void_p) -> Optional[bytes]:
    """The first bytes beside the JSON of a result, where there are any."""
    number, text = c_uint64(), Str()
    status = library.agentuser_result_body(result, 0, byref(number), byref(text))
    return ctypes.string_at(text.ptr, text.len) if status == OK and text.ptr is not None else None


def check(status: int, problem: Optional[c_void_p] = None) -> None:
    if status == PROBLEM:
        raise Problem(taken(problem))
    if status != OK:
        raise Misuse(status)


def made(function: Callable[..., int], *arguments: Any) -> c_void_p:
    """Calls a function that gives a handle or a problem."""
    handle, problem = c_void_p(), c_void_p()
    check(function(*arguments, byref(handle), byref(problem)), problem)
    return handle


def validate(request: Json) -> Json:
    """Checks an agent user by every rule: `{"agentUser": {…}}`."""
    return _answer(library.agentuser_validate, *given(request))


def validate_member(request: Json) -> Json:
    """Checks one member: `{"member": "userPrincipalName", "value": …}`."""
    return _answer(library.agentuser_validate_member, *given(request))


def validate_roster(request: Json, roster: Data) -> Json:
    """Checks a roster, CSV or JSON."""
    return _answer(library.agentuser_validate_roster, *given(request), *given(roster))


def derive(request: Json) -> Json:
    """Derives names: `{"displayName": …, "domain": …}`."""
    return _answer(library.agentuser_derive, *given(request))


def explain(request: Json, body: Optional[Data] = None) -> Json:
    """Explains an error of Graph: `{"call": "createAgentUser", "status": 400}`."""
    return _answer(library.agentuser_explain, *given(request), *given(body))


def explain_code(code: str) -> Json:
    """Tells what a code means: of a problem, a violation or a remark, or one of Microsoft's such as AADSTS7000215."""
    return _answer(library.agentuser_explain_code, *given({"code": code}))


def consent_url(request: Json) -> Json:
    """Makes the address of the page on which an admin consents to a blueprint's permissions."""
    return _answer(library.agentuser_consent_url, *given(request))


def access_policies(request: Optional[Json] = None) -> Json:
    """Makes Conditional Access policies for agent users, report-only; nothing sends them."""
    return _answer(library.agentuser_access_policies, *given(request or {}))


def render_report(request: Json, records: Data) -> Union[str, bytes]:
    """Writes a report: `{"of": "findings", "format": "html"}` of an audit's result, or `"of": "agentUsers"` of an array.

    A workbook (`"format": "xlsx"`) is bytes, every other report is text.
    """
    result = made(library.agentuser_render_report, *given(request), *given(records))
    book = _body(result)
    answer: Json = taken(result)
    return answer["text"] if book is None else book


def _answer(function: Callable[..., int], *arguments: Any) -> Json:
    answer: Json = taken(made(function, *arguments))
    return answer


Self = TypeVar("Self", bound="_Freed")


class _Freed:
    """An object with a handle, for `with`."""

    handle: Optional[c_void_p] = None
    _free: Callable[..., int]

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        handle, self.handle = self.handle, None
        self._free(handle)


class Simulator(_Freed):
    """A simulated Graph on this machine."""

    _free = staticmethod(library.agentuser_simulator_free)

    def __init__(self, options: Optional[Json] = None) -> None:
        self.handle = made(library.agentuser_simulator_start, *given(options or {}))
        result = c_void_p()
        check(library.agentuser_simulator_json(self.handle, byref(result)))
        found = taken(result)
        self.endpoint: str = found["endpoint"]
        self.token: str = found["token"]


class AccessToken(NamedTuple):
    """A token for another program. `expires_in` is in seconds; None is what nobody knows."""

    token: str
    expires_in: Optional[int]
    scope: Optional[str]
    account: Optional[str]

    def __repr__(self) -> str:
        return f"AccessToken(expires_in={self.expires_in!r}, scope={self.scope!r}, account={self.account!r})"


class Client(_Freed):
    """A client. `on_demand` is called with what the sign-in asks for, such as `{"kind": "token", "scope": …, "refused":
    False}`, on the thread that iterates over a call, and returns the answer; the header of the C library lists the kinds.
    The bytes to sign are there as `input`. `secret` is what the configuration's `signIn` needs: a client secret, or a
    certificate with its key as PEM."""

    _free = staticmethod(library.agentuser_client_free)

    def __init__(
        self, config: Json, on_demand: Optional[Callable[[Json], Answer]] = None, secret: Optional[Data] = None
    ) -> None:
        self.on_demand = on_demand
        self.handle = made(library.agentuser_client_new, *given(config), *given(secret))

    def set_token(self, token: Data, expires_in: int = 0) -> None:
        """Gives a token before anything asks for it."""
        problem = c_void_p()
        check(library.agentuser_client_set_token(self.handle, *given(token), expires_in, byref(problem)), problem)

    def answer(self, demand_id: int, answer: Data, expires_in: int = 0) -> None:
        """Answers a demand. One that is over wants no answer."""
        problem = c_void_p()
        check(
            library.agentuser_client_answer(self.handle, demand_id, *given(answer), expires_in, byref(problem)),
            problem,
        )

    def token(self, *scopes: str, refresh: bool = False, claims: Optional[str] = None) -> AccessToken:
        """A token for these scopes of one service; without any, for Graph. `refresh` signs in anew, for a token that was
        refused; `claims` is the challenge of the service that refused it, as JSON."""
        query = {"scopes": list(scopes), "refresh": refresh, "claims": claims}
        with Call(self, made(library.agentuser_token_start, self.handle, *given(query), None, 0)) as call:
            for _ in call:
                pass
            return AccessToken(
                (call.body or b"").decode(), *(call.result[name] for name in ("expiresInS", "scope", "account"))
            )

    def sign_out(self) -> None:
        """Forgets the tokens that the sign-in keeps in memory. It revokes nothing."""
        check(library.agentuser_client_sign_out(self.handle))

    def call(self, operation: Json, data: Optional[Data] = None) -> Call:
        """Starts an operation; iterate over it for its events and items."""
        return Call(self, made(library.agentuser_call_start, self.handle, *given(operation), *given(data), None, 0))

    def run(
        self,
        operation: Json,
        data: Optional[Data] = None,
        on_item: Optional[Callable[[Any], object]] = None,
        on_event: Optional[Callable[[Json], object]] = None,
        on_record: Optional[Callable[[Json], object]] = None,
    ) -> Any:
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

    def __init__(self, client: Client, handle: c_void_p) -> None:
        self.client = client
        self.result: Any = None
        self.body: Optional[bytes] = None
        self.handle = handle

    def wait(self, timeout_ms: int) -> Tuple[int, c_void_p]:
        """The next kind and result handle."""
        kind, result = c_uint32(), c_void_p()
        check(library.agentuser_call_wait(self.handle, timeout_ms, byref(kind), byref(result)))
        return kind.value, result

    def __iter__(self) -> Iterator[Tuple[int, Any]]:
        while True:
            # With a timeout, so that Ctrl+C is noticed.
            kind, result = self.wait(200)
            if kind == TIMEOUT:
                continue
            body = _body(result) if kind in (DEMAND, DONE) else None
            value = taken(result)
            if kind == DEMAND:
                self._meet(value if body is None else {**value, "input": body})
            elif kind == DONE:
                self.result, self.body = value, body
                return
            elif kind == FAILED:
                raise Problem(value)
            else:
                yield kind, value

    def _meet(self, demand: Json) -> None:
        try:
            if self.client.on_demand is None:
                raise RuntimeError("The client was given no on_demand.")
            answer = self.client.on_demand(demand)
            if answer is not None:
                self.client.answer(demand["demandId"], *(answer if isinstance(answer, tuple) else (answer,)))
        except Exception as error:
            self.demand_failed(str(error))

    def demand_failed(self, why: str) -> None:
        check(library.agentuser_call_demand_failed(self.handle, *given(why)))

    def cancel(self) -> None:
        """Ends the operation in good order; iterating goes on to the end. From any thread."""
        check(library.agentuser_call_cancel(self.handle))
