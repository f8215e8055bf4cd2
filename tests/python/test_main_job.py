"""The part of the main job that only the C ABI has: agent users as rows of fields."""

from ctypes import POINTER, byref, c_size_t, c_uint32, c_uint64, c_void_p

import agentuser
from agentuser import ITEM, Client, Str
from support import Case, simulator

agentuser.library.agentuser_result_rows.argtypes = [c_void_p, POINTER(c_size_t)]
agentuser.library.agentuser_result_row.argtypes = [c_void_p, c_size_t, POINTER(Str), c_size_t, POINTER(c_uint64)]


class MainJob(Case):
    def test_a_page_is_also_had_by_rows(self):
        with simulator(identities=0, agentUsers=4) as graph:
            with Client({"graphEndpoint": graph.endpoint}, lambda wanted: graph.token) as client:
                with client.call({"operation": "list"}) as call:
                    while True:
                        kind, result = call.wait(60_000)
                        if kind == ITEM:
                            break
                        if kind == agentuser.DEMAND:
                            client.set_token(graph.token)
                        agentuser.library.agentuser_result_free(result)
                    rows, fields, flags = c_size_t(), (Str * 5)(), c_uint64()
                    self.assertEqual(agentuser.library.agentuser_result_rows(result, byref(rows)), agentuser.OK)
                    read = []
                    for number in range(rows.value):
                        status = agentuser.library.agentuser_result_row(result, number, fields, 5, byref(flags))
                        self.assertEqual((status, flags.value), (agentuser.OK, 3))
                        read.append([field.text() for field in fields])
                    page = agentuser.taken(result)
                    names = ["id", "userPrincipalName", "displayName", "mailNickname", "identityParentId"]
                    self.assertEqual(read, [[user.get(name) for name in names] for user in page])
