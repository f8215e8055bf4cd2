# The session of Connect-MgGraph, by a stand-in for Microsoft.Graph.Authentication.
param([string] $Module)

BeforeAll {
    Import-Module $Module
    Import-Module (Join-Path $PSScriptRoot '../modules/Microsoft.Graph.Authentication')
    $simulator = Start-AgentUserSimulator -Identities 8 -AgentUsers 4 -AccessToken admin -LatencyMilliseconds 0, 0
    Set-MgStandIn -Token admin
    Set-MgRequestContext -RetryDelay 0
    Add-MgEnvironment -Name Simulated -AzureADEndpoint $simulator.GraphEndpoint -GraphEndpoint $simulator.GraphEndpoint
    function Connect-Simulated([string[]] $Scopes) {
        Connect-MgGraph -Environment Simulated -NoWelcome -Scopes $Scopes
    }
}

AfterAll {
    Stop-AgentUserSimulator
    Remove-Module AgentUser
    Remove-Module Microsoft.Graph.Authentication
}

Describe 'The session of Connect-MgGraph' {
    It 'is asked for the permissions of the tasks that are named' {
        Connect-Simulated AgentIdUser.ReadWrite.All, AgentIdentity.Read.All, LicenseAssignment.Read.All
        Connect-AgentUser -MgGraph -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 0
        Connect-AgentUser -MgGraph -For Group -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*GroupMember.ReadWrite.All*'
        "$warnings" | Should -Not -BeLike '*AuditLog.Read.All*'
        Connect-AgentUser -MgGraph -For Audit -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*AuditLog.Read.All*'
    }

    It 'creates an agent user for each agent identity that has none, in one pipe' {
        Connect-Simulated AgentIdUser.ReadWrite.All, AgentIdentity.Read.All, LicenseAssignment.Read.All
        Connect-AgentUser -MgGraph
        # The agent identities of the simulator that are good parents.
        $isGood = { $_.DisplayName -notlike 'Agent 9*' }
        $free = Get-AgentIdentity -WithoutAgentUser | Where-Object $isGood
        $free.Count | Should -BeGreaterThan 3
        $made = Get-AgentIdentity -WithoutAgentUser | Where-Object $isGood | New-AgentUser -Domain contoso.com
        $made.Outcome | Should -Be (@('Created') * $free.Count)
        $made.IdentityParentId | Sort-Object | Should -Be ($free.Id | Sort-Object)
        Get-AgentIdentity -WithoutAgentUser | Where-Object $isGood | Should -HaveCount 0
        # Every request was one of Invoke-MgGraphRequest.
        (Get-MgStandIn).Uri.OriginalString | Should -Not -BeLike 'http*'
    }
}
