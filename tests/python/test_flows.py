"""Plays the flows of tests/flows through the C ABI and ctypes."""

import json

from support import ROOT, Case, control, simulator

import agentuser
from agentuser import EVENT, ITEM, RECORD, Client

STEP = {"operation", "input", "inputFile", "inputResult", "when", "records", "save", "expect"}
EXPECT = {"result", "problem", "items", "pages", "outcomes", "some", "events", "records", "demands", "stats"}


def mismatch(expected, found, path="$"):
    """The first place where `found` does not match, with both values; None if it matches everywhere."""
    wrong = f"{path}: {json.dumps(found)} does not match {json.dumps(expected)}"
    if isinstance(expected, dict) and any(key.startswith("$") for key in expected):
        size = len(found) if isinstance(found, list) else found
        holds = {
            "$least": lambda bound: isinstance(size, (int, float)) and size >= bound,
            "$most": lambda bound: isinstance(size, (int, float)) and size <= bound,
            "$in": lambda values: found in values,
            "$contains": lambda part: isinstance(found, str) and part in found,
        }
        return None if all(holds[key](value) for key, value in expected.items()) else wrong
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return wrong
        places = ((value, found.get(key), f"{path}.{key}") for key, value in expected.items())
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return wrong
        places = ((one, two, f"{path}[{n}]") for n, (one, two) in enumerate(zip(expected, found)))
    else:
        return None if found == expected and isinstance(found, bool) == isinstance(expected, bool) else wrong
    return next((first for place in places if (first := mismatch(*place))), None)


class Player:
    """Plays one flow against a simulator of its own."""

    def __init__(self, flow, graph):
        self.flow, self.graph = flow, graph
        self.saved, self.shown, self.demands, self.plan = {}, [], [], None
        self.tokens = list(flow["tokens"]) if "tokens" in flow else None

    def answer(self, demand):
        self.demands.append(demand)
        if self.tokens is None:
            return self.graph.token
        if not self.tokens:
            raise AssertionError("there are more demands than tokens in the flow")
        match self.tokens.pop(0):
            case {"fails": reason}:
                raise RuntimeError(reason)
            case {"approves": person}:
                control(self.graph, "/simulator/device-code", {"userCode": demand["userCode"], "user": person})
            case token:
                return self.filled(token)

    def filled(self, value):
        """The value with the texts that earlier steps have saved."""
        text = json.dumps(value)
        for name, saved in self.saved.items():
            text = text.replace("{" + name + "}", saved)
        return json.loads(text)

    def save(self, step, came):
        for name, pointer in step.get("save", {}).items():
            value = came
            for part in pointer.strip("/").split("/"):
                value = value[part]
            self.saved[name] = value

    def client(self):
        config = {"graphEndpoint": self.graph.endpoint, **self.flow.get("client", {})}
        return Client(config, self.answer, self.flow.get("secret"))

    def play(self):
        if "refused" in self.flow:
            self.is_refused()
        else:
            with self.client() as client:
                for number, step in enumerate(self.flow["steps"]):
                    step = self.filled(step)
                    if "operation" in step:
                        self.operation(client, step, f"step {number + 1}")
                    else:
                        self.act(step)
        for text in self.flow.get("never", []):
            assert text not in json.dumps(self.shown), f"{text} is shown"

    def is_refused(self):
        assert "steps" not in self.flow, "a client that is refused takes no steps"
        try:
            self.client().close()
        except agentuser.Problem as problem:
            self.shown.append(problem.details)
            wrong = mismatch(self.flow["refused"], problem.details, "refused")
            assert wrong is None, f"{wrong}; it is {json.dumps(problem.details)}"
        else:
            raise AssertionError("the client is not refused")

    def act(self, step, call=None):
        match step:
            case {"order": order, "body": body}:
                self.save(step, control(self.graph, f"/simulator/{order}", body))
            case {"revoke": token}:
                control(self.graph, "/simulator/revoke", {"token": token})
            case {"stop": True}:
                self.graph.close()
            case {"cancel": True} if call:
                call.cancel()
            case _:
                raise AssertionError(f"{step} can't be played")

    def operation(self, client, step, name):
        assert step.keys() <= STEP and step["expect"].keys() <= EXPECT, f"{name} can't be played"
        data = (ROOT / step["inputFile"]).read_bytes() if "inputFile" in step else step.get("input")
        data = json.dumps(self.plan) if step.get("inputResult") else data
        came, items, events, records, demands = {}, [], [], [], len(self.demands)
        when = dict(step.get("when", {}))
        operation = dict(step["operation"], **({"records": ["requests", "changes"]} if step.get("records") else {}))
        reason = when.pop("waiting", None)
        try:
            with client.call(operation, data) as call:
                for kind, value in call:
                    if kind == ITEM:
                        items.append(value)
                    elif kind == RECORD:
                        records.append(value)
                    elif kind == EVENT:
                        events.append(value)
                        if reason and value.get("why") == reason:
                            reason = None
                            self.act(when, call)
                came["result"] = call.result
        except agentuser.Problem as problem:
            came["problem"] = problem.details
        assert reason is None, f"{name}: there was no such wait"
        self.shown += [came, items, records]
        self.check(step["expect"], came, items, events, records, self.demands[demands:], name)
        self.plan = came["result"] if "save" in step else self.plan
        self.save(step, came.get("result"))

    def check(self, expect, came, items, events, records, demands, name):
        pages = [len(item) for item in items if isinstance(item, list)]
        items = [one for item in items for one in (item if isinstance(item, list) else [item])]
        found = {"items": len(items), "pages": pages, "demands": demands, **came}
        if "outcomes" in expect:
            found["outcomes"] = {key: sum(one["outcome"] == key for one in items) for key in expect["outcomes"]}
        if "stats" in expect:
            found["stats"] = control(self.graph, "/simulator/stats")
        for part, value in expect.items():
            if part in ("some", "events", "records"):
                among = {"some": items, "events": events, "records": records}[part]
                for one in value:
                    assert any(mismatch(one, other) is None for other in among), f"{name}: {part}: none is {one} of {among}"
            elif wrong := mismatch(value, found.get(part), part):
                raise AssertionError(f"{name}: {wrong}; it ended with {json.dumps(came)}")
        unexpected = came.keys() - expect.keys() & {"problem"}
        assert not unexpected, f"{name} ended with {json.dumps(came)}"


class Flows(Case):
    def test_every_flow_ends_as_it_says(self):
        flows = sorted((ROOT / "tests" / "flows").glob("*.json"))
        self.assertGreater(len(flows), 20)
        for path in flows:
            flow = json.loads(path.read_text("utf-8"))
            if "python" in flow.get("notIn", {}):
                continue
            with self.subTest(flow=path.name), simulator(**{"token": "admin", **flow.get("simulator", {})}) as graph:
                Player(flow, graph).play()
