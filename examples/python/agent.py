"""Signs in as an agent user, and reads the agent user's account and licenses: agent.py

The environment has AGENTUSER_TENANT, AGENTUSER_CLIENT_ID and AGENTUSER_CLIENT_SECRET of the blueprint, and the object ids
AGENT_IDENTITY and AGENT_USER; for a simulator also AGENTUSER_GRAPH_ENDPOINT.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

try:
    from agentuser import AccessToken, Client, Problem
except ImportError as error:
    sys.exit(str(error))


def variable(name: str) -> str:
    return os.environ.get(name, "")


graph = variable("AGENTUSER_GRAPH_ENDPOINT") or "https://graph.microsoft.com"


# README: begin
def sign_in() -> AccessToken:
    agent = {
        "kind": "agentUser",
        "tenantId": variable("AGENTUSER_TENANT"),
        "clientId": variable("AGENTUSER_CLIENT_ID"),
        "proof": {"kind": "clientSecret"},
        "agentIdentityId": variable("AGENT_IDENTITY"),
        "userId": variable("AGENT_USER"),
    }
    # A client that lives longer keeps the token, and renews it when it is about to end.
    with Client({"graphEndpoint": graph, "signIn": agent}, secret=variable("AGENTUSER_CLIENT_SECRET")) as client:
        return client.token()
# README: end


def read(path: str, token: AccessToken) -> Any:
    request = urllib.request.Request(f"{graph}/v1.0{path}", headers={"Authorization": f"Bearer {token.token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


try:
    token = sign_in()
    me = read("/me?$select=userPrincipalName,displayName", token)
    print(f"{me['userPrincipalName']} ({me['displayName']})")
    for license in read("/me/licenseDetails", token)["value"]:
        print(license["skuPartNumber"])
except (Problem, urllib.error.URLError) as problem:
    sys.exit(str(problem))
