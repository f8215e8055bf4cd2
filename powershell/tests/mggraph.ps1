#Requires -Version 5.1
# The module over the session of Connect-MgGraph, by a stand-in for its module: mggraph.ps1 MODULE STANDIN ROSTER
param([string] $Module, [string] $StandIn, [string] $Roster)

$ErrorActionPreference = 'Stop'

function Assert([string] $What, [bool] $Condition) {
    if (-not $Condition) { throw "Not so: $What" }
    "ok: $What"
}

Import-Module $Module
Import-Module $StandIn
$simulator = Start-AgentUserSimulator -Identities 24 -AccessToken admin -Speed 60 -LatencyMilliseconds 0, 0 -Fault @(
    # Done, and answered by the gateway: the other module repeats it by itself.
    @{ Method = 'POST'; Path = '/$batch'; Nth = 11; Fault = 'ServerError'; Status = 504; Executed = $true }
    @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Nth = 3; Fault = 'LostAnswer' }
)
try {
    $problem = $null
    try { Connect-AgentUser -MgGraph } catch { $problem = $_ }
    Assert 'a session is asked for' ($problem.FullyQualifiedErrorId -like 'MgGraphSignedOut,*')

    Set-MgStandIn -Token admin
    Set-MgRequestContext -RetryDelay 0
    Add-MgEnvironment -Name Simulated -AzureADEndpoint $simulator.GraphEndpoint -GraphEndpoint $simulator.GraphEndpoint
    Connect-MgGraph -Environment Simulated -NoWelcome -Scopes AgentIdUser.ReadWrite.All, AgentIdentity.Read.All
    Connect-AgentUser -MgGraph -WarningVariable warnings -WarningAction SilentlyContinue
    Assert 'the permission that is missing is named' ($warnings.Count -eq 1 -and "$warnings" -like '*LicenseAssignment.Read.All*')

    $parent = 'a1d00000-0000-4000-8000-000000000001'
    Assert 'the parent can have an agent user' ((Get-AgentIdentity $parent).Id -eq $parent)
    $rows = @(Invoke-AgentUserRoster $Roster)
    Assert 'all rows are created, one batch was repeated by the other module' ($rows.Count -eq 24 -and -not ($rows.Outcome -ne 'created'))
    $rows = @(Invoke-AgentUserRoster $Roster)
    Assert 'a second run has nothing to do' ($rows.Count -eq 24 -and -not ($rows.Outcome -ne 'unchanged'))
    Assert 'all are listed, page by page' (@(Get-AgentUser -PageSize 5).Count -ge 24)
    Get-AgentUser -IdentityParentId $parent | Remove-AgentUser -Confirm:$false
    Assert 'one is removed' (-not (Get-AgentUser -IdentityParentId $parent))
    $agent = New-AgentUser -IdentityParentId $parent -DisplayName Again -UserPrincipalName again@contoso.com
    Assert 'another one is created' ($agent.UserPrincipalName -eq 'again@contoso.com')
    Assert 'requests were relative' (-not ((Get-MgStandIn).Uri.OriginalString -notlike 'v1.0/*'))

    Set-MgStandIn -Token no-such-token
    $problem = $null
    try { Get-AgentUser } catch { $problem = $_ }
    Assert 'a refused sign-in names the command' ("$problem" -like '*Run Connect-MgGraph again*')
}
finally {
    Stop-AgentUserSimulator
    Disconnect-AgentUser
    Remove-Module AgentUser
}
'smoke test passed'
