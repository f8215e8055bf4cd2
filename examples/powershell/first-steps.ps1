# Rehearses a roster on a simulated tenant: first-steps.ps1 ROSTER
param([string] $Roster)

# README: begin
Import-Module AgentUser
Start-AgentUserSimulator | Connect-AgentUser   # a rehearsal; for your tenant: Connect-AgentUser -AccessToken $token
Invoke-AgentUserRoster $Roster -WhatIf         # the plan, as objects; nothing changes
Invoke-AgentUserRoster $Roster                 # apply it; run it again at any time
Get-AgentUser | Where-Object { -not $_.AccountEnabled }
# README: end
Stop-AgentUserSimulator
