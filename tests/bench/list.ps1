# Lists every agent user and says how long that took: list.ps1 ENDPOINT TOKEN
param([uri] $Endpoint, [string] $Token)

Import-Module AgentUser
Connect-AgentUser -GraphEndpoint $Endpoint -AccessToken { $Token }
$started = [System.Diagnostics.Stopwatch]::StartNew()
$count = 0
$characters = 0
Get-AgentUser -All | ForEach-Object {
    $count++
    $characters += $_.UserPrincipalName.Length
}
$took = $started.ElapsedMilliseconds
"$count agent users, $took ms, $characters characters"
