"""The demands of a sign-in on the program, and their results."""

import base64
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import urllib.request

from agentuser import Client
from support import Case, simulator

TENANT = "contoso.com"
BLUEPRINT = "b1a00000-0000-4000-8000-000000000001"
PROGRAM = "5ea00000-0000-4000-8000-000000000002"
IDENTITY = "a1d00000-0000-4000-8000-0000000dbba3"
PERSON = "human1@contoso.com"
SECRET = "simulated-secret"
CLUSTER = {"issuer": "https://cluster.example", "subject": "system:serviceaccount:agents:one"}


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], capture_output=True, check=True, **options).stdout


def application(proof):
    return {"kind": "application", "tenantId": TENANT, "clientId": BLUEPRINT, "proof": proof}


def person(kind):
    return {"kind": kind, "tenantId": TENANT, "clientId": PROGRAM}


class SignIns(Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.key = pathlib.Path(folder.name, "key.pem")
        new = ["req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=blueprint", "-newkey", "rsa:2048"]
        cls.certificate = openssl(*new, "-keyout", str(cls.key)).decode()

    def client(self, graph, sign_in, on_demand=None, secret=None):
        return Client({"graphEndpoint": graph.endpoint, "signIn": sign_in}, on_demand, secret)

    def test_a_signature_comes_from_who_has_the_key(self):
        application_of = {"clientId": BLUEPRINT, "certificate": self.certificate}
        with simulator(signIn={"applications": [application_of]}) as graph:
            asked = []

            def sign(demand):
                asked.append((demand["kind"], demand["clientId"], demand["algorithm"]))
                pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
                return openssl("dgst", "-sha256", *pss, "-sign", str(self.key), input=demand["input"])

            proof = {"kind": "signature", "certificate": self.certificate}
            with self.client(graph, application(proof), sign) as client:
                self.assertTrue(client.token().token)
            self.assertEqual(asked, [("signature", BLUEPRINT, "PS256")])

    def test_an_assertion_comes_from_the_issuer_that_is_trusted(self):
        trust = {"applications": [{"clientId": BLUEPRINT, "federated": [CLUSTER]}], "workloads": {"kubernetes": CLUSTER}}
        with simulator(signIn=trust) as graph:
            request = urllib.request.Request(
                graph.endpoint + "/simulator/oidc/kubernetes", headers={"Authorization": f"Bearer {SECRET}"}
            )
            asked = []

            def assertion(demand):
                asked.append((demand["kind"], demand["clientId"], demand["audience"]))
                with urllib.request.urlopen(request, timeout=60) as response:
                    return json.load(response)["token"]

            with self.client(graph, application({"kind": "assertion"}), assertion) as client:
                self.assertTrue(client.token().token)
            self.assertEqual(asked, [("assertion", BLUEPRINT, "api://AzureADTokenExchange")])

    def test_a_browser_comes_back_by_itself(self):
        with simulator(signIn={"approves": PERSON}) as graph:

            def opened(demand):
                self.assertEqual(demand["kind"], "authorize")
                with urllib.request.urlopen(demand["url"], timeout=60) as page:
                    self.assertIn(b"You are signed in.", page.read())

            scopes = {"scopes": f"{graph.endpoint}/User.Read.All"}
            with self.client(graph, {**person("browser"), **scopes}, opened) as client:
                self.assertEqual(client.token().account, PERSON)

    def test_what_is_not_met_is_told_by_its_kind(self):
        signature = {"kind": "signature", "certificate": self.certificate}
        for sign_in, kind, code, message, fix in [
            (None, "token", "TokenMissing", "There is no token", "Sign in first"),
            (person("browser"), "authorize", "NoBrowser", "No browser could be opened", "Open the address"),
            (person("deviceCode"), "deviceCode", "SignInInterrupted", "The code to sign in with could not", "Start the"),
            (application(signature), "signature", "CertificateUnusable", "There is no signature", "See to it that"),
            (application({"kind": "assertion"}), "assertion", "TokenMissing", "There is no client assertion", "See to it"),
            (
                {**application({"kind": "clientSecret"}), "kind": "onBehalfOf", "agentIdentityId": IDENTITY},
                "userToken",
                "TokenMissing",
                "There is no token of the person",
                "Sign the person in again",
            ),
        ]:
            with self.subTest(kind), simulator() as graph:
                asked = []

                def fails(demand):
                    asked.append(demand["kind"])
                    raise RuntimeError("The reason is here.")

                with self.client(graph, sign_in, fails, SECRET if kind == "userToken" else None) as client:
                    problem = self.problem_of(client.token)
                self.assertEqual(asked, [kind])
                self.assertEqual(problem["code"], code)
                self.assertTrue(problem["message"].startswith(message), problem)
                self.assertTrue(problem["message"].endswith(": The reason is here."), problem)
                self.assertTrue(problem["fix"].startswith(fix), problem)

    @unittest.skipIf(sys.platform == "win32", "az is a script of the shell here")
    def test_a_call_tells_that_the_token_of_az_acts_as_the_user(self):
        claims = {"aud": "https://graph.microsoft.com", "scp": "Directory.AccessAsUser.All User.Read"}
        parts = [{"alg": "none"}, claims, "signature"]
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        answer = {"accessToken": token, "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800, "tokenType": "Bearer"}
        with tempfile.TemporaryDirectory() as folder, simulator() as graph:
            az = pathlib.Path(folder, "az")
            az.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n")
            az.chmod(0o755)
            path = {"PATH": folder + os.pathsep + os.environ["PATH"]}
            with unittest.mock.patch.dict(os.environ, path), self.client(graph, {"kind": "azureCli"}) as client:
                told = []
                # The simulator does not know this token.
                problem = self.problem_of(client.run, {"operation": "skus"}, on_event=told.append)
            self.assertIn(problem["code"], {"TokenRejected", "ClaimsChallenge"})
            remarks = [event for event in told if event["event"] == "remark"]
            self.assertEqual([remark["code"] for remark in remarks], ["TokenActsAsUser"])
            self.assertIn("by the Azure CLI carries Directory.AccessAsUser.All", remarks[0]["message"])

    def test_what_is_wrong_is_told_at_once_and_before_anything_is_sent(self):
        config = {"signIn": application({"kind": "clientSecret"})}
        problem = self.problem_of(Client, config, secret="")
        self.assertEqual(problem["code"], "TokenMissing")
        self.assertIn("is empty", problem["message"])
        for proof, secret in [
            ({"kind": "certificate"}, "rubbish"),
            ({"kind": "certificate"}, self.certificate),
            ({"kind": "signature", "certificate": "rubbish"}, None),
        ]:
            sign_in = {**application(proof), "tenantId": "no tenant", "loginEndpoint": "http://evil.example"}
            problem = self.problem_of(Client, {"signIn": sign_in}, secret=secret)
            fields = [violation["field"] for violation in problem["violations"]]
            self.assertEqual(fields[:2], ["signIn.tenantId", "signIn.loginEndpoint"])
            self.assertTrue(fields[2].startswith("signIn.proof"), fields)
            self.assertTrue(problem["violations"][1]["fix"].startswith("Give an origin: https:// and a host name"), problem)

    def test_a_short_key_and_a_wrong_signature_are_told(self):
        new = ["req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=short", "-newkey", "rsa:1024", "-keyout", os.devnull]
        short = application({"kind": "signature", "certificate": openssl(*new).decode()})
        problem = self.problem_of(Client, {"signIn": short})
        self.assertEqual((problem["code"], problem["message"]), ("CertificateUnusable", "The certificate's key is too short."))
        proof = application({"kind": "signature", "certificate": self.certificate})
        with simulator() as graph:
            for answer, length in [(b"abc", 3), (b"", 0)]:
                with self.client(graph, proof, lambda demand: answer) as client:
                    problem = self.problem_of(client.token)
                self.assertEqual(problem["code"], "CertificateUnusable")
                self.assertIn(f"has {length} bytes, not 256", problem["message"])

    def test_claims_that_are_not_json_go_nowhere(self):
        with simulator() as graph, self.client(graph, None) as client:
            problem = self.problem_of(client.token, "a b", claims="not json")
        self.assertEqual([violation["field"] for violation in problem["violations"]], ["scopes", "claims"])

    def test_an_answer_in_the_place_of_a_managed_identity_is_told_as_such(self):
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(403)
                self.end_headers()
                self.wfile.write(b"<html>No.</html>")

            def log_message(self, *_):
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            variables = {"IDENTITY_ENDPOINT": f"http://127.0.0.1:{server.server_port}/token", "IDENTITY_HEADER": "guard"}
            with unittest.mock.patch.dict(os.environ, variables):
                with Client({"signIn": {"kind": "managedIdentity"}}) as client:
                    problem = self.problem_of(client.token)
            server.shutdown()
        self.assertEqual(problem["code"], "BadAnswer")
        self.assertIn("not one of Azure's identity endpoint", problem["message"])
        self.assertNotIn("Graph", problem["fix"])
