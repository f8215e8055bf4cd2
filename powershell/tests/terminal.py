"""The screen of a terminal, as a person sees it: terminal.py MODULE ROSTER.

Each test types into a pwsh of its own behind a pseudo-terminal and reads its screen. The end of a wait is what is awaited on the screen;
the time is only the limit after which a test fails."""

import os
import re
import sys
import tempfile
import unittest

from pseudo_terminal import Terminal

CREATED = re.compile(r" *\d+ Created ")

RED = "31;1"


# A row of a plan, as the table shows it.
PLANNED = re.compile(r"^ +\d+ Planned +(\S+)", re.MULTILINE)


def squeezed(lines):
    """The text without blanks: the engine breaks what a cmdlet says at the width, within words, too."""
    return "".join("".join(lines).split())


class TerminalTests(unittest.TestCase):
    def open(self, width, simulator, connect="", is_coloured=False):
        script = f"Start-AgentUserSimulator {simulator} | Connect-AgentUser {connect}"
        terminal = Terminal(width, MODULE, script, is_coloured=is_coloured)
        self.addCleanup(terminal.close)
        return terminal

    def test_tables_are_whole_at_80_and_120_columns(self):
        for width in 80, 120:
            terminal = self.open(width, "-Option @{ tenant = 'troubled' }")
            for command, heading in [
                ("Get-AgentUser", "UserPrincipalName Enabled Location DisplayName"),
                ("Get-AgentIdentity", "Id Enabled DisplayName"),
                ("Invoke-AgentUserAudit", "Severity State Rule Details"),
            ]:
                lines = terminal.run(command)
                self.assertIn(heading, [" ".join(line.split()) for line in lines])
            shown = " ".join(" ".join(line[41:] for line in lines).split())
            self.assertIn("It may act for every user of the tenant with these delegated permissions: Mail.Read.", shown)

    def test_an_error_is_whole_and_red_where_there_are_colours(self):
        for width, is_coloured in [(80, True), (80, False), (120, True), (120, False)]:
            terminal = self.open(width, "-AgentUsers 4", is_coloured=is_coloured)
            lines = terminal.run("Get-AgentUser nobody@contoso.com")
            self.assertEqual("Get-AgentUser: There is no user nobody@contoso.com.", lines[0])
            self.assertIn("Recommendation:Checktheidorname,", squeezed(lines[1:]))
            self.assertTrue(squeezed(lines).endswith(".Seehttps://learn.microsoft.com/graph/errors"), lines)
            self.assertEqual({RED if is_coloured else ""}, terminal.screen.colours_of("There is no user nobody@contoso.com."))
            # The rules that are broken, and what to do about each, have a line each.
            lines = terminal.run("New-AgentUser -ParentId 1 -Name A -UserPrincipalName 'a b@contoso.com'")
            for start in "New-AgentUser: 2 rules", "-IdentityParentId: \"1\" is not", "-UserPrincipalName, character 2:", "  Recommendation: -IdentityParentId:", "-UserPrincipalName: Use", "Get-AgentUserHelp Invalid":
                self.assertEqual(1, sum(line.startswith(start) for line in lines), (start, lines))
            # The colour ends with the error.
            self.assertEqual({""}, terminal.screen.colours_of("PS>"))

    def test_what_if_has_a_line_for_each_change_and_a_whole_table(self):
        for width in 80, 120:
            terminal = self.open(width, "-AgentUsers 10")
            lines = terminal.run("Get-AgentUser agent2* | Disable-AgentUser -WhatIf")
            self.assertEqual([f"agent2{number}@contoso.com" for number in range(5, 10)], PLANNED.findall("\n".join(lines)))
            self.assertEqual(5, squeezed(lines).count("Whatif:Performingtheoperation"))
            self.assertEqual(1, sum(line.split() == ["Row", "Outcome", "Name", "Details"] for line in lines), lines)
            self.assertEqual(["True"], terminal.run("(Get-AgentUser agent25@contoso.com).AccountEnabled"))

    def test_a_question_takes_each_of_its_answers(self):
        for width in 80, 120:
            terminal = self.open(width, "-AgentUsers 12")
            changed = "Disable-AgentUser -Confirm -PassThru | ForEach-Object UserPrincipalName"
            question = terminal.begin(f"Get-AgentUser agent2* | {changed}")
            for number, answer in enumerate(["y", "n", "s"], 5):
                self.answer(terminal, question, f"agent2{number}@contoso.com", answer)
            # Suspended: nothing is changed so far, and the question comes again.
            terminal.wait(terminal.is_prompt)
            self.assertEqual(["True"], terminal.run("(Get-AgentUser agent25@contoso.com).AccountEnabled"))
            question = terminal.begin("exit")
            self.answer(terminal, question, "agent27@contoso.com", "l")
            self.assertEqual(["agent25@contoso.com"], [line for line in terminal.end(question) if line.startswith("agent")])
            question = terminal.begin(f"Get-AgentUser agent3* | {changed}")
            self.answer(terminal, question, "agent30@contoso.com", "n")
            self.answer(terminal, question, "agent31@contoso.com", "a")
            self.assertEqual(["agent31", "agent32", "agent33", "agent34", "agent35"], sorted(line.split("@")[0] for line in terminal.end(question) if line.startswith("agent")))

    def answer(self, terminal, before, name, key):
        """Answers the question about an agent user, which is whole: nothing of it is cut, and each answer is in it."""
        def asked(lines):
            return name in " ".join(lines[before:]) and lines[terminal.last(lines)].endswith('(default is "Y"):')

        lines = terminal.wait(asked)
        self.assertIn("[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help", " ".join(lines[before:]))
        terminal.type(key + "\r")

    def test_tab_offers_values_and_never_files(self):
        terminal = self.open(80, "-AgentUsers 4")
        for typed, completed in [
            ("New-AgentUser -UsageLocation ger", "New-AgentUser -UsageLocation DE"),
            ("Get-AgentUser first", "Get-AgentUser first.agent@contoso.com"),
            ("New-AgentUser -Manager 'Human 2", "New-AgentUser -Manager human2@contoso.com"),
            ("Suspend-AgentUser -Blueprint 'Blueprint 2", "Suspend-AgentUser -Blueprint b1a00000-0000-4000-8000-000000000002"),
        ]:
            terminal.type(typed + "\t")
            terminal.wait(lambda lines: lines[terminal.last(lines)].startswith("PS> " + completed))
            terminal.type("\x03")
            terminal.wait(terminal.is_prompt)
        # Tab in Windows shows a menu, with a tip for the value that is chosen.
        terminal.type("New-AgentUser -Licenses AGENT\x14")
        lines = terminal.wait(lambda lines: any("seats free" in line for line in lines))
        self.assertTrue(any("AGENT_365" in line and "AGENT_MESSAGING" in line for line in lines), lines)
        terminal.type("\x07\x03")
        terminal.wait(terminal.is_prompt)
        # The file of the folder that begins so is not offered.
        terminal.run(f"Set-Location '{os.path.dirname(ROSTER)}'")
        terminal.type("New-AgentUser -DisplayName rost\tx")
        lines = terminal.wait(lambda lines: lines[terminal.last(lines)].endswith("x"))
        self.assertEqual("PS> New-AgentUser -DisplayName rostx", lines[terminal.last(lines)])

    def test_ctrl_c_in_a_roster_leaves_nothing_in_the_dark(self):
        # The last row waits for its agent identity; the others end.
        with tempfile.TemporaryDirectory() as folder:
            roster = os.path.join(folder, "roster.csv")
            with open(ROSTER, encoding="utf-8") as rows, open(roster, "w", encoding="utf-8") as copy:
                copy.write(rows.read().replace("a1d00000-0000-4000-8000-000000000018", "a1d00000-0000-4000-8000-00000000ffff"))
            terminal = self.open(80, "", "-ParentTimeout 01:00:00")
            terminal.type(f"Invoke-AgentUserRoster '{roster}'\r")
            terminal.wait(lambda lines: any("23 of 24" in line for line in lines) and sum(bool(CREATED.match(line)) for line in lines) == 23)
        terminal.interrupt()
        lines = terminal.wait(lambda lines: terminal.is_prompt(lines) and any("WARNING" in line for line in lines))
        self.assertEqual(1, sum("WARNING" in line for line in lines), lines)
        self.assertIn("Get-AgentUserRosterReport", " ".join(lines))
        lines = terminal.run("(Get-AgentUserRosterReport | Group-Object Outcome | ForEach-Object { \"$($_.Count) $($_.Name)\" }) -join ', '")
        self.assertEqual("1 Cancelled, 23 Created", lines[-1])


if __name__ == "__main__":
    MODULE, ROSTER = (os.path.abspath(argument) for argument in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
