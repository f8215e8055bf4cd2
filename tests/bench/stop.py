"""Says how long the prompt takes after Ctrl+C, in a pwsh behind a pseudo-terminal: stop.py MODULE [TIMES]"""

import os
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../powershell/tests"))

from pseudo_terminal import Terminal  # noqa: E402


def main(module, times=10):
    start = "Start-AgentUserSimulator -AgentUsers 201 -LatencyMilliseconds 100, 100 | Connect-AgentUser -ParentTimeout 01:00:00"
    terminal = Terminal(80, os.path.abspath(module), start)
    # The agent identity of the first is waited for, because there is none. Of the second, others are under way when the first are out.
    commands = {
        "a wait": ("New-AgentUser -ParentId a1d00000-0000-4000-8000-00000000ffff -Name A -UserPrincipalName a@contoso.com", "agent identity"),
        "writes": ("Get-AgentUser agent* | Set-AgentUser -Department (New-Guid) -PassThru -ThrottleLimit 20", " Changed "),
    }
    took = {kind: [] for kind in commands}
    try:
        for _ in range(int(times)):
            for kind, (command, awaited) in commands.items():
                before = terminal.begin(command)
                terminal.wait(lambda lines: any(awaited in line for line in lines[before + 1 :]))
                started = time.monotonic()
                terminal.interrupt()
                terminal.wait(lambda lines: terminal.is_prompt(lines) and terminal.last(lines) > before)
                took[kind].append(1000 * (time.monotonic() - started))
                terminal.run("$null = Get-AgentUserRosterReport")
    finally:
        terminal.close()
    print(f"From the signal to the prompt on the screen; medians of {times}, and the longest.\n")
    print("| Ctrl+C in | ms | longest | aim |\n|---|---|---|---|")
    for kind, values in took.items():
        print(f"| {kind} | {statistics.median(values):.0f} | {max(values):.0f} | 100 |")


if __name__ == "__main__":
    main(*sys.argv[1:])
