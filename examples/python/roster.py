"""Applies a roster: roster.py ENDPOINT TOKEN ROSTER"""

# README: begin
import pathlib
import sys
from typing import Any, Dict

try:
    from agentuser import Client, Problem
except ImportError as error:
    sys.exit(str(error))


def show(report: Dict[str, Any]) -> None:
    print("row", report["row"], report.get("userPrincipalName"), report["outcome"], flush=True)


if len(sys.argv) != 4:
    sys.exit("usage: roster.py ENDPOINT TOKEN ROSTER")
endpoint, token, roster = sys.argv[1:]
try:
    rows = pathlib.Path(roster).read_bytes()
    with Client({"graphEndpoint": endpoint}, get_token=lambda wanted: token) as client:
        summary = client.run({"operation": "applyRoster"}, rows, on_item=show)
except (OSError, Problem) as problem:
    sys.exit(str(problem))
print(f"{summary['rows']} rows, {summary['failed']} failed")
# README: end
sys.exit(summary["failed"] > 0)
