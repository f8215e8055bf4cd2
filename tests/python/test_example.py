"""The example where something is missing: it says what to do, in sentences and without a traceback."""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

import agentuser
from support import ROOT, Case, simulator

EXAMPLE = str(ROOT / "examples" / "python" / "roster.py")


class WhatIsMissing(Case):
    def said(self, *arguments, **environment):
        command = [sys.executable, "-B", EXAMPLE, *arguments]
        ended = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 1, ended)
        self.assertNotIn("Traceback", ended.stderr)
        return ended.stderr.strip()

    def test_the_library(self):
        said = self.said("http://localhost:1", "token", "roster.csv", AGENTUSER_NATIVE_LIBRARY="/no/such/library.so")
        self.assertTrue(said.startswith("The native library of agentuser can't be loaded: /no/such/library.so"), said)
        self.assertTrue(said.endswith("or set AGENTUSER_NATIVE_LIBRARY to its full path."), said)
        said = self.said("http://localhost:1", "token", "roster.csv", AGENTUSER_NATIVE_LIBRARY="libagentuser.so")
        self.assertTrue(said.startswith("AGENTUSER_NATIVE_LIBRARY is 'libagentuser.so'. Set it to the full path"), said)
        with tempfile.NamedTemporaryFile(suffix=".so") as other:
            said = self.said("http://localhost:1", "token", "roster.csv", AGENTUSER_NATIVE_LIBRARY=other.name)
        self.assertIn("can't be loaded", said)

    @unittest.skipUnless(sys.platform == "linux" and shutil.which("cc"), "a library is compiled as Linux has them")
    def test_an_older_library(self):
        with tempfile.TemporaryDirectory() as folder:
            older = os.path.join(folder, "libagentuser.so")
            source = "unsigned agentuser_abi_version(void) { return 1; }"
            subprocess.run(["cc", "-shared", "-fPIC", "-xc", "-", "-o", older], input=source, text=True, check=True)
            said = self.said("http://localhost:1", "token", "roster.csv", AGENTUSER_NATIVE_LIBRARY=older)
        self.assertIn("can't be loaded", said)
        self.assertIn("undefined symbol: agentuser_", said)

    def test_arguments_and_the_roster(self):
        self.assertEqual(self.said(), "usage: roster.py ENDPOINT TOKEN ROSTER")
        with simulator() as graph:
            self.assertIn("No such file", self.said(graph.endpoint, graph.token, "/no/such/roster.csv"))
            said = self.said(graph.endpoint, graph.token, str(ROOT / "examples" / "roster-bad.csv"))
            self.assertTrue(said.endswith('See agentuser.explain_code("RosterInvalid")'), said)


class Reports(Case):
    USERS = json.dumps([{"userPrincipalName": "ada@contoso.com", "accountEnabled": True, "displayName": "=x"}])

    def test_text_and_workbooks(self):
        request = {"of": "agentUsers", "columns": ["displayName", "accountEnabled"]}
        csv = agentuser.render_report({**request, "format": "csv"}, self.USERS)
        self.assertEqual(csv, "displayName,accountEnabled\r\n=x,true\r\n")
        book = agentuser.render_report({**request, "format": "xlsx"}, self.USERS)
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            self.assertIsNone(parts.testzip())
            sheet = parts.read("xl/worksheets/sheet2.xml").decode()
            self.assertIn('<t xml:space="preserve">=x</t>', sheet)
            self.assertIn(' t="b"><v>1</v>', sheet)
        with self.assertRaises(agentuser.Problem):
            agentuser.render_report({"of": "findings", "format": "xlsx"}, self.USERS)


class Agent(Case):
    def run_agent(self, **environment):
        command = [sys.executable, "-B", str(ROOT / "examples" / "python" / "agent.py")]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AGENT_") and name != "AGENTUSER_TENANT"}
        return subprocess.run(command, env={**inherited, **environment}, capture_output=True, text=True)

    def test_what_is_missing_is_told_at_once(self):
        ended = self.run_agent(AGENTUSER_CLIENT_ID="agents", AGENT_USER="first.agent@contoso.com")
        self.assertEqual(ended.returncode, 1, ended)
        self.assertNotIn("Traceback", ended.stderr)
        for field in ["tenantId", "clientId", "agentIdentityId", "userId"]:
            self.assertRegex(ended.stderr, rf"(?m)^signIn\.{field}: (Give|Use) ")
