"""Faults of the network, the server and the sign-in: each ends in the right state or the right problem."""

import pathlib
import sys
import threading
import unittest

import own_transport
from agentuser import EVENT, ITEM, Client
from own_transport import Host, Session
from support import Case, control, parent, roster, row, simulator

LOST_CREATE = {"script": [{"method": "POST", "path": "/users/microsoft.graph.agentUser", "fault": "lostAnswer"}]}
THROTTLED = {"script": [{"method": "GET", "path": "/users", "fault": "throttled", "retryAfterSeconds": 3600}]}


class Faults(Case):
    def client(self, graph, get_token=None, **config):
        return Client({"graphEndpoint": graph.endpoint, **config}, get_token or (lambda wanted: graph.token))

    def test_one_thread_signs_in_while_another_waits(self):
        with simulator() as graph:
            # The token is set once both calls have said that they need one.
            both = threading.Barrier(2)
            asked = []

            def get_token(demand):
                asked.append(threading.get_ident())
                both.wait(60)
                return graph.token

            with self.client(graph, get_token) as client:
                results = []
                threads = [
                    threading.Thread(target=lambda: results.append(client.run({"operation": "verifiedDomains"})))
                    for _ in range(2)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            self.assertEqual(len(set(asked)), 2)
            self.assertEqual(results[0]["verifiedDomains"], results[1]["verifiedDomains"])

    @unittest.skipUnless(sys.platform == "linux", "where /proc tells")
    def test_fifty_calls_share_two_threads_that_end_with_the_client(self):
        def threads():
            names = [task.joinpath("comm").read_text("ascii") for task in pathlib.Path("/proc/self/task").iterdir()]
            return sum(name.strip() == "agentuser" for name in names)

        with simulator() as graph:
            with self.client(graph) as client:
                self.assertEqual(threads(), 0)
                calls = [client.call({"operation": "skus"}) for _ in range(50)]
                for call in calls:
                    self.assertEqual(list(value for kind, value in call if kind == ITEM), [])
                    self.assertEqual(threads(), 2)
                for call in calls:
                    self.assertTrue(call.result)
                    call.close()
            self.assertEqual(threads(), 0)


class OwnTransport(Case):
    def host(self, graph, get_token=None):
        session = Session({"graphEndpoint": graph.endpoint})
        self.addCleanup(session.close)
        return Host(session, get_token or (lambda refused: graph.token))

    def test_the_main_job_by_an_own_transport(self):
        with simulator(identities=12, agentUsers=121) as graph:
            host = self.host(graph)
            host.run({"operation": "verifyParent", "identityParentId": parent(1)})
            self.assertEqual(host.run({"operation": "create", "agentUser": row(1)})["report"]["outcome"], "created")
            items = []
            take = lambda kind, step, _: kind == own_transport.ITEM and items.append(step["item"])
            self.assertEqual(host.run({"operation": "list", "pageSize": 100}, on_step=take), {"count": 122})
            self.assertEqual({item["kind"] for item in items}, {"agentUsers"})
            self.assertEqual(sum(len(item["value"]) for item in items), 122)
            items.clear()
            summary = host.run({"operation": "applyRoster"}, roster(12), take)
            self.assertEqual((summary["created"], summary["unchanged"], summary["failed"]), (11, 1, 0))
            self.assertEqual([item["kind"] for item in items], ["report"] * 12)
            self.assertGreater(control(graph, "/simulator/stats")["batches"], 0)
            self.assertEqual(host.run({"operation": "delete", "user": "agent.1@contoso.com"})["outcome"], "changed")

    def test_a_lost_answer_is_looked_for_by_an_own_transport(self):
        with simulator(faults=LOST_CREATE) as graph:
            created = self.host(graph).run({"operation": "create", "agentUser": row(1)})
            self.assertEqual(created["report"]["outcome"], "created")
            self.assertEqual(control(graph, "/simulator/stats")["agentUsersCreated"], 1)

    def test_a_refused_token_is_renewed_once_and_then_a_problem(self):
        with simulator() as graph:
            asked = []

            def stale(refused):
                asked.append(refused)
                return "stale"

            problem = self.problem_of(self.host(graph, stale).run, {"operation": "skus"})
            self.assertEqual(problem["code"], "TokenRejected")
            self.assertEqual(asked, [None, {"tag": 1}])
            renewed = self.host(graph, lambda refused: graph.token if refused else "stale")
            self.assertTrue(renewed.run({"operation": "skus"}))

    def test_a_canceller_ends_it_from_another_thread(self):
        with simulator(faults=THROTTLED) as graph:
            kinds = []

            def on_step(kind, step, operation):
                kinds.append(kind)
                if kind == own_transport.EVENT and step["event"].get("why") == "throttled":
                    with operation.canceller() as canceller:
                        thread = threading.Thread(target=canceller.cancel)
                        thread.start()
                        thread.join()

            problem = self.problem_of(self.host(graph).run, {"operation": "list"}, on_step=on_step)
            self.assertIn(problem["code"], {"Cancelled", "Throttled"})
            self.assertEqual(kinds[-1], own_transport.FAILED)
