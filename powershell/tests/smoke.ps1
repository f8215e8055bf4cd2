#Requires -Version 5.1
# The module's main job from a script, by PowerShell's core commands alone: smoke.ps1 MODULE ROSTER
param([string] $Module, [string] $Roster)

$ErrorActionPreference = 'Stop'

function Assert([string] $What, [bool] $Condition) {
    if (-not $Condition) { throw "Not so: $What" }
    "ok: $What"
}

Import-Module $Module
$simulator = Start-AgentUserSimulator -Identities 24 -Speed 60 -Fault @{
    Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Nth = 3; Fault = 'LostAnswer'
}
try {
    $simulator | Connect-AgentUser
    $parent = 'a1d00000-0000-4000-8000-000000000001'
    Assert 'the parent can have an agent user' ((Get-AgentIdentity $parent).Id -eq $parent)
    Assert 'the roster breaks no rule' (Test-AgentUser -Path $Roster -Quiet)
    Assert 'a bad name does' (-not (Test-AgentUser -IdentityParentId $parent -DisplayName A -UserPrincipalName 'a b@contoso.com' -Quiet))

    $plan = @(Invoke-AgentUserRoster $Roster -WhatIf)
    Assert 'all rows are planned' ($plan.Count -eq 24 -and -not ($plan.Outcome -ne 'planned'))
    Assert 'the plan changed nothing' (-not (Get-AgentUser -IdentityParentId $parent))

    $rows = @(Invoke-AgentUserRoster $Roster)
    Assert 'all rows are created, one answer was lost' ($rows.Count -eq 24 -and -not ($rows.Outcome -ne 'created'))
    $rows = @(Invoke-AgentUserRoster $Roster)
    Assert 'a second run has nothing to do' ($rows.Count -eq 24 -and -not ($rows.Outcome -ne 'unchanged'))

    $agent = Get-AgentUser -IdentityParentId $parent
    Assert 'an agent user is typed' ($agent.Id -is [guid] -and $agent.CreatedDateTime -is [datetime])
    Assert 'all are listed' (@(Get-AgentUser -All -PageSize 5).Count -ge 24)
    $null = $agent | Remove-AgentUser -WhatIf
    Assert 'it is still there' ($null -ne (Get-AgentUser -Id $agent.Id))
    $agent | Remove-AgentUser -Confirm:$false
    Assert 'it is removed' (-not (Get-AgentUser -IdentityParentId $parent))

    $again = New-AgentUser -IdentityParentId 'a1d00000-0000-4000-8000-000000000018' -DisplayName 'Taken' -UserPrincipalName taken@contoso.com -ErrorAction SilentlyContinue -ErrorVariable problems
    Assert 'a parent has one agent user at most' ($null -eq $again -and $problems[0].FullyQualifiedErrorId -like 'ParentHasAnotherUser,*')
    Assert 'an error names its fix' ([bool] $problems[0].ErrorDetails.RecommendedAction)
}
finally {
    Stop-AgentUserSimulator
    Disconnect-AgentUser
    Remove-Module AgentUser
}
'smoke test passed'
