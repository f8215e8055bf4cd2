"""Lists every agent user and prints the cost: list.py ENDPOINT TOKEN [json|rows]"""

import pathlib
import sys
import time
from ctypes import POINTER, byref, c_size_t, c_uint64, c_void_p, string_at

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "python"))
from agentuser import DONE, ITEM, Client, Str, library, taken  # noqa: E402

endpoint, token, *way = sys.argv[1:]
by_rows = way == ["rows"]
names = ["id", "userPrincipalName", "displayName", "mailNickname", "identityParentId", "usageLocation", "userType", "mail"]
names += ["createdDateTime", "deletedDateTime", "givenName", "surname"]
library.agentuser_result_rows.argtypes = [c_void_p, POINTER(c_size_t)]
library.agentuser_result_row.argtypes = [c_void_p, c_size_t, POINTER(Str), c_size_t, POINTER(c_uint64)]


def rows_of(result):
    """Every agent user of a page, by a call each."""
    count, fields, flags = c_size_t(), (Str * len(names))(), c_uint64()
    library.agentuser_result_rows(result, byref(count))
    users = []
    for row in range(count.value):
        library.agentuser_result_row(result, row, fields, len(names), byref(flags))
        user = {name: field.ptr and string_at(field.ptr, field.len).decode() for name, field in zip(names, fields)}
        user["accountEnabled"] = bool(flags.value & 2) if flags.value & 1 else None
        users.append(user)
    library.agentuser_result_free(result)
    return users


begin = time.monotonic()
users, first, taking, kind = 0, 0, 0, 0
with Client({"graphEndpoint": endpoint}) as client:
    client.set_token(token)
    with client.call({"operation": "list", "pageSize": 999}) as call:
        while kind != DONE:
            kind, result = call.wait(60_000)
            came = time.monotonic()
            value = rows_of(result) if by_rows and kind == ITEM else taken(result)
            if kind == ITEM:
                users += len(value)
                taking += time.monotonic() - came
                first = first or time.monotonic() - begin
ms = (time.monotonic() - begin) * 1000
status = pathlib.Path("/proc/self/status").read_text("ascii")
# getrusage would give the parent's peak where that was larger.
peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
print(
    f"{users} agent users, {ms:.0f} ms, first after {first * 1000:.0f} ms, peak {peak} MB, "
    f"{taking * 1000:.0f} ms of it taking by {'rows' if by_rows else 'json'}"
)
