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
$peak = [System.IO.File]::ReadAllLines('/proc/self/status') -like 'VmHWM:*'
$peak = [math]::Floor([double]([string] $peak -replace '\D') / 1024)
"$count agent users, $took ms, peak $peak MB, $characters characters"
