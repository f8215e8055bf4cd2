# Applies a roster in the session of Connect-MgGraph or Connect-Entra: mggraph.ps1 ROSTER
param([string] $Roster)

Import-Module AgentUser
Connect-AgentUser -MgGraph
Invoke-AgentUserRoster -LiteralPath $Roster | Where-Object Outcome -eq 'failed' | ForEach-Object { "row $($_.Row) $($_.UserPrincipalName) failed" }
