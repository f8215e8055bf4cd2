"""Mistakes of scripts."""

import gc
import threading
from ctypes import byref, c_uint32, c_void_p

import agentuser
from agentuser import Client, Misuse
from support import Case, simulator

NULL_ARGUMENT, INVALID_UTF8, INVALID_LENGTH, BUSY, NOT_A_HANDLE = 2, 3, 4, 5, 6


class MisuseOfIt(Case):
    def status_of(self, function, *arguments):
        with self.assertRaises(Misuse) as raised:
            function(*arguments)
        return raised.exception.status

    def test_the_library_is_the_bindings(self):
        self.assertEqual(agentuser.library.agentuser_abi_version(), agentuser.ABI_VERSION)
        self.assertRegex(agentuser.library.agentuser_version().text(), r"^\d+\.\d+\.\d+")
        self.assertEqual(agentuser.library.agentuser_status_name(NOT_A_HANDLE).text(), "NOT_A_HANDLE")
        self.assertIsNone(agentuser.library.agentuser_status_name(999).text())

    def test_null_bytes_and_lengths(self):
        self.assertEqual(self.status_of(agentuser.validate, None), NULL_ARGUMENT)
        self.assertEqual(self.status_of(agentuser.validate, b"\xff\xfe"), INVALID_UTF8)
        result, problem = c_void_p(), c_void_p()
        too_long = agentuser.library.agentuser_validate(b"{}", 2**64 - 1, byref(result), byref(problem))
        self.assertEqual(too_long, INVALID_LENGTH)
        self.assertEqual(agentuser.library.agentuser_validate(b"{}", 2, byref(result), None), NULL_ARGUMENT)
        # A zero byte does not end the text: it is part of it, and the text is not JSON.
        self.assertEqual(self.problem_of(agentuser.validate, b'{"agentUser":{}}\0')["code"], "Invalid")

    def test_what_was_freed_is_told(self):
        with simulator() as graph:
            client = Client({"graphEndpoint": graph.endpoint})
            handle = client.handle
            client.close()
            client.close()
            self.assertEqual(agentuser.library.agentuser_client_free(handle), NOT_A_HANDLE)
            client.handle = handle
            self.assertEqual(self.status_of(client.set_token, "token"), NOT_A_HANDLE)
            self.assertEqual(self.status_of(client.call, {"operation": "skus"}), NOT_A_HANDLE)
            self.assertEqual(agentuser.library.agentuser_client_free(id(self)), NOT_A_HANDLE)

    def test_a_call_may_end_before_anybody_takes_its_result(self):
        with simulator() as graph, Client({"graphEndpoint": graph.endpoint}) as client:
            client.set_token(graph.token)
            for _ in range(50):
                client.call({"operation": "skus"}).close()
            self.assertTrue(client.run({"operation": "skus"}))
        gc.collect()

    def test_a_second_thread_that_waits_is_told(self):
        with simulator() as graph, Client({"graphEndpoint": graph.endpoint}) as client:
            with client.call({"operation": "skus"}) as call:
                kind, result = call.wait(60_000)
                self.assertEqual(kind, agentuser.DEMAND)
                agentuser.library.agentuser_result_free(result)
                statuses = []

                def wait():
                    kind, result = c_uint32(), c_void_p()
                    handle, wait = call.handle, agentuser.library.agentuser_call_wait
                    while (status := wait(handle, 2**32 - 1, byref(kind), byref(result))) == BUSY:
                        pass
                    statuses.append(status)

                thread = threading.Thread(target=wait)
                thread.start()
                while True:
                    try:
                        call.wait(0)
                    except Misuse as misuse:
                        self.assertEqual(misuse.status, BUSY)
                        break
                call.close()
                thread.join()
                self.assertEqual(statuses, [agentuser.ENDED])
