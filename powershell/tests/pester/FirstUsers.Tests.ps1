# The scripts that the project was asked for: an admin's inventory and audit, and the recipe of assistants.
param([string] $Module)

BeforeAll {
    Import-Module $Module
}

AfterAll {
    Remove-Module AgentUser
}

Describe 'An inventory and an audit' {
    BeforeAll {
        Start-AgentUserSimulator -Tenant Troubled | Connect-AgentUser
    }

    AfterAll {
        Stop-AgentUserSimulator
    }

    It 'lists all agent users, typed, and changes nothing' {
        $users = Get-AgentUser
        $users.Count | Should -BeGreaterThan 10
        $users[0].AccountEnabled | Should -BeOfType [bool]
    }

    It 'finds the stale and the expired, and says what mends them' {
        $findings = Invoke-AgentUserAudit
        $findings.Rule | Should -Contain 'idle'
        $findings.Rule | Should -Contain 'leave-date'
        $findings | Where-Object { $_.State -eq 'Found' -and $_.Fix } | Should -Not -BeNullOrEmpty
    }
}

Describe 'The six requests of the recipe' {
    BeforeAll {
        Start-AgentUserSimulator -Speed 3600 | Connect-AgentUser
        $parent = 'a1d00000-0000-4000-8000-000000000001'
    }

    AfterAll {
        Stop-AgentUserSimulator
    }

    It 'are one command, that waits for mailbox and Teams' {
        (Get-AgentIdentity $parent).ServicePrincipalType | Should -Be 'ServiceIdentity'
        $user = New-AgentUser -IdentityParentId $parent -DisplayName 'Sales Agent' -UserPrincipalName sales@contoso.com `
            -UsageLocation US -Manager human1@contoso.com -Licenses AGENT_365 -Wait Mailbox, Teams
        $user.UsageLocation | Should -Be 'US'
        (Get-AgentUserManager $user).DisplayName | Should -Be 'Human 1'
        (Get-AgentUserLicense $user).SkuPartNumber | Should -Be 'AGENT_365'
    }

    It 'end with the four errors of its table, each with its fix' {
        $cases = [ordered]@{
            ParentNotFound = @{ IdentityParentId = 'a1d00000-0000-4000-8000-00000000ffff'; DisplayName = 'A'; UserPrincipalName = 'a1@contoso.com' }
            ParentHasAnotherUser = @{ IdentityParentId = $parent; DisplayName = 'B'; UserPrincipalName = 'b1@contoso.com' }
            UpnTaken = @{ IdentityParentId = 'a1d00000-0000-4000-8000-000000000002'; DisplayName = 'C'; UserPrincipalName = 'sales@contoso.com' }
        }
        foreach ($case in $cases.GetEnumerator()) {
            $parameters = $case.Value
            New-AgentUser @parameters -ErrorAction SilentlyContinue -ErrorVariable found
            $found[0].FullyQualifiedErrorId | Should -BeLike "$($case.Key),*"
            $found[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
        New-AgentUser -IdentityParentId 'a1d00000-0000-4000-8000-000000000003' -DisplayName D -UserPrincipalName d1@contoso.com `
            -Licenses AGENT_365 -ErrorAction SilentlyContinue -ErrorVariable found
        $found[0].FullyQualifiedErrorId | Should -BeLike 'LicenseNeedsUsageLocation,*'
    }
}
