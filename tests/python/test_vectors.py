"""The shared cases of tests/vectors."""

import json

import agentuser
from own_transport import DONE, FAILED, ITEM, SEND, WAIT, Operation, Session
from support import ROOT, Case

GRAPH = "https://graph.microsoft.com/v1.0"


def without_ids(value):
    """The same without the ids that each run draws anew."""
    if isinstance(value, dict):
        return {name: without_ids(one) for name, one in value.items() if name not in ("runId", "clientRequestId")}
    return [without_ids(one) for one in value] if isinstance(value, list) else value


def outcome_of_function(case):
    data = case.get("input", "")
    functions = {
        "validate": lambda request: agentuser.validate(request),
        "validateMember": lambda request: agentuser.validate_member(request),
        "validateRoster": lambda request: agentuser.validate_roster(request, data),
        "derive": lambda request: agentuser.derive(request),
        "explainCode": lambda request: agentuser.explain_code(request["code"]),
        "accessPolicies": lambda request: agentuser.access_policies(request),
        "consentUrl": lambda request: agentuser.consent_url(request),
        "explain": lambda request: agentuser.explain(request, data),
        "renderReport": lambda request: {"text": agentuser.render_report(request, data)},
    }
    try:
        return {"result": functions[case["function"]](case["request"])}
    except agentuser.Problem as problem:
        return {"problem": problem.details}


class Vectors(Case):
    def test_every_case_comes_to_the_same(self):
        cases = 0
        for path in sorted((ROOT / "tests" / "vectors").glob("*.json")):
            for case in json.loads(path.read_text("utf-8"))["cases"]:
                with self.subTest(file=path.name, case=case["name"]):
                    outcome = outcome_of_function(case) if "function" in case else self.outcome_of_operation(case)
                    outcome = without_ids(outcome)
                    for part in ("items", "result", "problem"):
                        self.assertEqual(outcome.get(part), case.get(part), part)
                cases += 1
        self.assertGreater(cases, 20)

    def outcome_of_operation(self, case):
        expected = [dict(one) for one in case["exchange"]]
        outcome, items, now = {}, [], 0
        with Session({"batch": 1}) as session:
            try:
                operation = Operation(session, case["operation"], case.get("input"), in_flight=0)
            except agentuser.Problem as problem:
                return {"problem": problem.details}
            with operation:
                while True:
                    kind, step, bodies = operation.poll(now, now)
                    if kind == SEND:
                        for request in step["requests"]:
                            self.answer(operation, request, bodies.get(request["id"]), expected)
                    elif kind == ITEM:
                        items.append(step["item"]["value"])
                    elif kind == WAIT:
                        now = step["untilMs"]
                    elif kind in (DONE, FAILED):
                        outcome = {name: step[name] for name in ("result", "problem") if name in step}
                        break
        self.assertEqual(expected, [], "never asked for")
        if items:
            # In Rust's order: by compact text with sorted names.
            outcome["items"] = sorted(without_ids(items), key=self.text)
            case["items"] = sorted(case["items"], key=self.text)
        return outcome

    @staticmethod
    def text(value):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def answer(self, operation, request, body, expected):
        sent = {"method": request["method"], "url": request["url"].removeprefix(GRAPH)}
        if body is not None:
            sent["body"] = json.loads(body)
        match = next((one for one in expected if {k: v for k, v in one.items() if k != "answer"} == sent), None)
        self.assertIsNotNone(match, sent)
        expected.remove(match)
        answer = match["answer"]
        message = {
            "answer": "response",
            "status": answer["status"],
            "headers": [*answer.get("headers", []), ["Content-Type", "application/json"]],
            "token": 1,
        }
        text = "" if answer.get("body") is None else json.dumps(answer["body"]).replace("{root}", GRAPH)
        self.assertTrue(operation.answer(request["id"], message, text))
