"""The main job: connect, validate, verify a parent, create, get, list, provision, apply a roster, delete."""

from ctypes import POINTER, byref, c_size_t, c_uint32, c_uint64, c_void_p

import agentuser
from agentuser import ITEM, Client, Str
from support import Case, control, parent, roster, row, simulator

agentuser.library.agentuser_result_rows.argtypes = [c_void_p, POINTER(c_size_t)]
agentuser.library.agentuser_result_row.argtypes = [c_void_p, c_size_t, POINTER(Str), c_size_t, POINTER(c_uint64)]


class MainJob(Case):
    def test_pure_functions_need_no_client(self):
        found = agentuser.validate({"agentUser": row(1)})
        self.assertEqual(found["violations"], [])
        self.assertEqual(found["agentUser"]["mailNickname"], "agent.1")
        broken = agentuser.validate({"agentUser": {"displayName": "", "userPrincipalName": "a b@contoso.com"}})
        fields = {violation["field"] for violation in broken["violations"]}
        self.assertEqual(fields, {"identityParentId", "displayName", "userPrincipalName"})
        member = agentuser.validate_member({"member": "usageLocation", "value": "Atlantis"})
        self.assertEqual([violation["field"] for violation in member["violations"]], ["usageLocation"])
        checked = agentuser.validate_roster({}, roster(3) + b"\nno-guid,,x\n")
        self.assertEqual({error["row"] for error in checked["problem"]["rowErrors"]}, {5})
        derived = agentuser.derive({"displayName": "Sales Agent Émilie", "domain": "contoso.com"})
        self.assertEqual(derived["userPrincipalName"], "sales.agent.emilie@contoso.com")
        problem = agentuser.explain(
            {"call": "createAgentUser", "status": 403}, {"error": {"code": "Authorization_RequestDenied", "message": "No."}}
        )
        self.assertEqual(problem["status"], 403)
        self.assertTrue(problem["permissions"] and problem["fix"])
        self.assertEqual(self.problem_of(agentuser.validate, {"agentUser": 7})["code"], "Invalid")

    def test_an_agent_users_life(self):
        with simulator() as graph, Client({"graphEndpoint": graph.endpoint}, lambda wanted: graph.token) as client:
            identity = client.run({"operation": "verifyParent", "identityParentId": parent(1)})
            self.assertEqual(identity["id"], parent(1))
            events = []
            created = client.run({"operation": "create", "agentUser": row(1)}, on_event=events.append)
            self.assertEqual(created["report"]["outcome"], "created")
            self.assertIn("stage", {event["event"] for event in events})
            user = client.run({"operation": "get", "user": "agent.1@contoso.com"})
            self.assertEqual(user["id"], created["agentUser"]["id"])
            found = client.run({"operation": "findByParent", "identityParentId": parent(1)})
            self.assertEqual(found["id"], user["id"])
            self.assertIsNone(client.run({"operation": "findByParent", "identityParentId": parent(2)}))
            wanted = {"operation": "provision", "agentUser": row(1, city="Zürich")}
            self.assertEqual(client.run({**wanted, "dryRun": True})["outcome"], "planned")
            self.assertEqual(client.run(wanted)["outcome"], "changed")
            self.assertEqual(client.run(wanted)["outcome"], "unchanged")
            self.assertEqual(client.run({"operation": "delete", "user": user["id"]})["changes"][0]["change"], "delete")
            gone = self.problem_of(client.run, {"operation": "get", "user": "agent.1@contoso.com"})
            self.assertEqual(gone["code"], "NotFound")

    def test_a_list_comes_in_pages_of_json(self):
        with simulator(identities=0, agentUsers=250) as graph:
            with Client({"graphEndpoint": graph.endpoint}, lambda wanted: graph.token) as client:
                pages = []
                result = client.run({"operation": "list", "pageSize": 100}, on_item=pages.append)
                self.assertEqual(result, {"count": 251})
                self.assertEqual([len(page) for page in pages], [100, 100, 51])
                self.assertEqual(len({user["id"] for page in pages for user in page}), 251)

    def test_a_page_is_also_had_by_rows(self):
        with simulator(identities=0, agentUsers=3) as graph:
            with Client({"graphEndpoint": graph.endpoint}, lambda wanted: graph.token) as client:
                with client.call({"operation": "list"}) as call:
                    while True:
                        kind, result = call.wait(60_000)
                        if kind == ITEM:
                            break
                        if kind == agentuser.TOKEN:
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

    def test_a_roster_is_planned_and_applied_with_progress(self):
        with simulator() as graph, Client({"graphEndpoint": graph.endpoint}, lambda wanted: graph.token) as client:
            planned = client.run({"operation": "applyRoster", "dryRun": True}, roster(12))
            self.assertEqual((planned["planned"], planned["rows"]), (12, 12))
            reports, events = [], []
            summary = client.run({"operation": "applyRoster"}, roster(12), reports.append, events.append)
            self.assertEqual((summary["created"], summary["failed"]), (12, 0))
            self.assertEqual(sorted(report["row"] for report in reports), list(range(2, 14)))
            self.assertIn({"event": "rows", "done": 12, "of": 12}, events)
            # Requests of twelve rows that are ready at the same time are one batch.
            self.assertGreater(control(graph, "/simulator/stats")["batches"], 0)
            problem = self.problem_of(client.run, {"operation": "applyRoster"}, b"identityParentId\nx\n")
            self.assertEqual(problem["code"], "RosterInvalid")

    def test_a_roster_that_is_cancelled_is_finished_by_a_rerun(self):
        with simulator(latencyMs=[2, 2]) as graph:
            config = {"graphEndpoint": graph.endpoint, "inFlight": 1, "batch": 1}
            with Client(config, lambda wanted: graph.token) as client:
                outcomes = []
                with client.call({"operation": "applyRoster"}, roster(12)) as call:
                    for kind, report in call:
                        if kind == ITEM:
                            call.cancel()
                            outcomes.append(report["outcome"])
                self.assertEqual(len(outcomes), 12)
                self.assertIn("cancelled", outcomes)
                summary = client.run({"operation": "applyRoster"}, roster(12))
                self.assertEqual((summary["failed"], summary["cancelled"]), (0, 0))
            stats = control(graph, "/simulator/stats")
            self.assertEqual((stats["agentUsersCreated"], stats["createdMoreThanOncePerParent"]), (12, {}))
            self.assertEqual(stats["batches"], 0)
