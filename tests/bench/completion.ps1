# Says how long Tab takes in a tenant of many agent users: completion.ps1 MODULE [COUNT [TIMES]]
# The tenant is a simulator in the same process, so its search through all agent users is measured, too.
param([string] $Module, [int] $Count = 100000, [int] $Times = 20)

. (Join-Path $PSScriptRoot median.ps1)
$ErrorActionPreference = 'Stop'
Import-Module (Convert-Path -LiteralPath $Module)
Start-AgentUserSimulator -AgentUsers $Count -LatencyMilliseconds 0, 0 | Connect-AgentUser

function Measure-Tab([string] $Typed) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $offered = [System.Management.Automation.CommandCompletion]::CompleteInput($Typed, $Typed.Length, $null).CompletionMatches.Count
    $took = $watch.Elapsed.TotalMilliseconds
    if ($offered -eq 0) { throw "Nothing is offered for $Typed." }
    $took
}

$cold = Measure-Tab 'New-AgentUser -UsageLocation d'
$first = Measure-Tab 'Get-AgentUser agent1'
$person = Measure-Tab 'New-AgentUser -Manager human1'
$new, $again = @(), @()
foreach ($number in 1..$Times) {
    $new += Measure-Tab "Get-AgentUser agent$($number + 20)"
    $again += Measure-Tab "Get-AgentUser agent$($number + 20)"
}
"Medians of $Times; pwsh $($PSVersionTable.PSVersion).`n"
'| | ms | aim |'
'|---|---|---|'
"| the first Tab of a session, without the tenant | $($cold.ToString('0.0')) | |"
"| the first that asks the tenant | $($first.ToString('0.0')) | 300 |"
"| a person, found among all users by either name | $($person.ToString('0.0')) | 300 |"
"| each other prefix | $((Get-Median $new).ToString('0.0')) | 300 |"
"| the same prefix again | $((Get-Median $again).ToString('0.0')) | 20 |"
Stop-AgentUserSimulator
