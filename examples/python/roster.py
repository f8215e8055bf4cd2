"""Applies a roster: roster.py ENDPOINT TOKEN ROSTER"""

import pathlib
import sys

from agentuser import Client

endpoint, token, roster = sys.argv[1:]
with Client({"graphEndpoint": endpoint}, get_token=lambda wanted: token) as client:
    summary = client.run(
        {"operation": "roster"},
        pathlib.Path(roster).read_bytes(),
        on_item=lambda report: print("row", report["row"], report.get("userPrincipalName"), report["outcome"], flush=True),
    )
print(f"{summary['rows']} rows, {summary['failed']} failed")
sys.exit(summary["failed"] > 0)
