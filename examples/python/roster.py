"""Applies a roster: roster.py ENDPOINT TOKEN ROSTER"""

# README: begin
import pathlib
import sys

from agentuser import Client, Problem


def show(report):
    print("row", report["row"], report.get("userPrincipalName"), report["outcome"], flush=True)


endpoint, token, roster = sys.argv[1:]
with Client({"graphEndpoint": endpoint}, get_token=lambda wanted: token) as client:
    try:
        summary = client.run({"operation": "applyRoster"}, pathlib.Path(roster).read_bytes(), on_item=show)
    except Problem as problem:
        sys.exit(str(problem))
print(f"{summary['rows']} rows, {summary['failed']} failed")
# README: end
sys.exit(summary["failed"] > 0)
