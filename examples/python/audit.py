"""Audits a tenant, and looks at an agent user before it is retired: audit.py ENDPOINT TOKEN USER"""

import sys

if len(sys.argv) != 4:
    sys.exit("usage: audit.py ENDPOINT TOKEN USER")
endpoint, token, user = sys.argv[1:]

try:
    from agentuser import Client, Problem
except ImportError as error:
    sys.exit(str(error))

try:
    with Client({"graphEndpoint": endpoint}, on_demand=lambda demand: token) as client:
        audit = client.run({"operation": "audit", "severity": "high"})
        for finding in audit["report"]["findings"]:
            print(finding["rule"], finding["state"], finding["subject"]["name"])
        access = client.run({"operation": "access", "user": user})
        for role in access["roles"].get("known", []):
            print("role", role["access"]["displayName"], role["source"]["kind"])
        report = client.run({"operation": "retire", "user": user, "dryRun": True})
        for change in report["changes"]:
            print("would", change["change"])
except Problem as problem:
    sys.exit(str(problem))
