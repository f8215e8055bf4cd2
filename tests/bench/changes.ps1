# Changes many agent users of a simulator with latency, from one pipeline and one by one, and says how long that took:
# changes.ps1 MODULE [COUNT [ONE_BY_ONE]]
param([string] $Module, [int] $Count = 1000, [int] $OneByOne = 100)

$ErrorActionPreference = 'Stop'
Import-Module (Convert-Path -LiteralPath $Module)
Start-AgentUserSimulator -AgentUsers ($Count + 1) -LatencyMilliseconds 100, 100 | Connect-AgentUser
$users = Get-AgentUser | Where-Object UserPrincipalName -NE 'first.agent@contoso.com'

$watch = [System.Diagnostics.Stopwatch]::StartNew()
$reports = $users | Set-AgentUser -Department Sales -PassThru
$together = $watch.Elapsed.TotalSeconds
$changed = @($reports | Where-Object Outcome -EQ 'Changed').Count
if ($changed -ne $Count) { throw "$changed of $Count were changed." }

$watch.Restart()
foreach ($user in $users | Select-Object -First $OneByOne) {
    Set-AgentUser $user -Department Service
}
$alone = $watch.Elapsed.TotalSeconds / $OneByOne * $Count
"A simulator in the same process, whose answers take 100 ms. One by one are $OneByOne, multiplied.`n"
'| | | aim |'
'|---|---|---|'
"| $Count from one pipeline | $($together.ToString('0.0')) s | |"
"| one by one | $($alone.ToString('0')) s | |"
"| beside each other | 1/$(($alone / $together).ToString('0.0')) | 1/15 |"
Stop-AgentUserSimulator
