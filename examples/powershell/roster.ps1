# Applies a roster: roster.ps1 ENDPOINT TOKEN ROSTER
param([uri] $Endpoint, [string] $Token, [string] $Roster)

# README: begin
Import-Module AgentUser
Connect-AgentUser -GraphEndpoint $Endpoint -AccessToken { $Token }
$rows = 0
$failed = 0
Invoke-AgentUserRoster -LiteralPath $Roster | ForEach-Object {
    "row $($_.Row) $($_.UserPrincipalName) $($_.Outcome)"
    $rows++
    $failed += $_.Outcome -notin 'Created', 'Changed', 'Unchanged'
}
"$rows rows, $failed failed"
# README: end
exit [int]($rows -eq 0 -or $failed -gt 0)
