"""Applies a roster: roster.py ENDPOINT TOKEN ROSTER"""

import pathlib
import sys
from typing import Any, Dict

if len(sys.argv) != 4:
    sys.exit("usage: roster.py ENDPOINT TOKEN ROSTER")
endpoint, token, roster = sys.argv[1:]

try:
    from agentuser import Client, Problem
except ImportError as error:
    sys.exit(str(error))


# README: begin
def show(report: Dict[str, Any]) -> None:
    print("row", report["row"], report.get("userPrincipalName"), report["outcome"], flush=True)


try:
    with Client({"graphEndpoint": endpoint}, on_demand=lambda demand: token) as client:
        rows = pathlib.Path(roster).read_bytes()
        summary = client.run({"operation": "applyRoster"}, rows, on_item=show)
except (OSError, Problem) as problem:
    sys.exit(str(problem))
print(f"{summary['rows']} rows, {summary['failed']} failed")
# README: end
sys.exit(summary["failed"] > 0)
