# Lists every agent user into a variable: list.ps1 ENDPOINT TOKEN
param([uri] $Endpoint, [string] $Token)

Import-Module AgentUser
Connect-AgentUser -GraphEndpoint $Endpoint -AccessToken { $Token }
$before = [System.GC]::GetTotalAllocatedBytes()
$users = @(Get-AgentUser -All)
"$([math]::Round(([System.GC]::GetTotalAllocatedBytes() - $before) / [math]::Max(1, $users.Count))) bytes allocated for each"
$characters = ($users.UserPrincipalName | Measure-Object -Property Length -Sum).Sum
"$($users.Count) agent users, $characters characters"
