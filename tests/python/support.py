"""Shared by the tests."""

import json
import pathlib
import sys
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples" / "python"))

import agentuser  # noqa: E402


def parent(number):
    """The agent identity of that number in the simulator."""
    return f"a1d00000-0000-4000-8000-{number:012x}"


def row(number, **members):
    return {
        "identityParentId": parent(number),
        "displayName": f"Agent {number}",
        "userPrincipalName": f"agent.{number}@contoso.com",
        **members,
    }


def roster(rows):
    lines = ["identityParentId,displayName,userPrincipalName"]
    lines += [f"{parent(n)},Agent {n},agent.{n}@contoso.com" for n in range(1, rows + 1)]
    return "\n".join(lines).encode()


def simulator(**options):
    return agentuser.Simulator({"latencyMs": [0, 0], **options})


def control(simulator, path, body=None):
    """A request to the simulator's own endpoints: GET, or POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(simulator.endpoint + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


class Case(unittest.TestCase):
    """A test that fails when it leaves a handle behind."""

    def setUp(self):
        before = agentuser.library.agentuser_live_handles()
        self.addCleanup(lambda: self.assertEqual(agentuser.library.agentuser_live_handles(), before))

    def problem_of(self, function, *arguments, **named):
        with self.assertRaises(agentuser.Problem) as raised:
            function(*arguments, **named)
        return raised.exception.details
