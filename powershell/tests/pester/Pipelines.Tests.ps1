# Pipelines as admins type them, with PowerShell's own commands on both sides.
param([string] $Module)

BeforeAll {
    Import-Module $Module
    $simulator = Start-AgentUserSimulator -Identities 40 -AgentUsers 20
    $simulator | Connect-AgentUser
    $csv = Join-Path $TestDrive 'roster.csv'
}

AfterAll {
    Stop-AgentUserSimulator
    Remove-Module AgentUser
}

Describe 'Pipelines' {
    It 'creates what a CSV file and a filter leave' {
        $rows = 1..4 | ForEach-Object {
            [pscustomobject]@{
                identityParentId = 'a1d00000-0000-4000-8000-{0:x12}' -f $_; displayName = "Agent $_"
                department = ('Sales', 'Support')[$_ % 2]; usageLocation = 'DE'; licenses = 'AGENT_365'
            }
        }
        $rows | Export-Csv $csv -NoTypeInformation
        $made = Import-Csv $csv | Where-Object department -EQ 'Sales' | Invoke-AgentUserRoster -Domain contoso.com
        $made | Should -HaveCount 2
        $made.Outcome | Should -Be 'Created', 'Created'
        $made = Import-Csv $csv | New-AgentUser -Domain contoso.com
        $made | Should -HaveCount 4
        ($made | Group-Object Outcome -NoElement | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) -join ', ' |
            Should -Be 'Created 2, Unchanged 2'
    }

    It 'changes what a filter finds, and only that' {
        Get-AgentUser 'agent.*' | Should -HaveCount 4
        $changed = Get-AgentUser 'agent.*' | Set-AgentUser -Department Support -PassThru
        $changed | Where-Object Outcome -EQ 'Changed' | Should -HaveCount 2
        Get-AgentUser | Where-Object Department -EQ 'Support' | Should -HaveCount 4
        (Get-AgentUser 'agent.*' | Set-AgentUser -Department Support -PassThru).Outcome | Should -Be (@('Unchanged') * 4)
    }

    It 'goes into a spreadsheet and back' {
        Get-AgentUser 'agent.*' | Export-Csv $csv -NoTypeInformation
        (Invoke-AgentUserRoster $csv -WhatIf 6>$null).Outcome | Should -Be (@('Unchanged') * 4)
        (Get-Content -Raw $csv).Replace('Support', 'Research') | Set-Content $csv
        (Invoke-AgentUserRoster $csv -Confirm:$false).Outcome | Should -Be (@('Changed') * 4)
        Get-AgentUser 'agent.*' | Where-Object Department -EQ 'Research' | Should -HaveCount 4
    }

    It 'ends the requests when the pipeline has enough' {
        Get-AgentUser -PageSize 5 | Select-Object -First 3 | Should -HaveCount 3
    }

    It 'answers the question of the domain' {
        $free = Get-AgentIdentity -WithoutAgentUser
        $free.Count | Should -BeGreaterThan 10
        $made = $free | Select-Object -First 2 | New-AgentUser -Domain contoso.com
        $made | Should -HaveCount 2
        ($made | Get-AgentIdentity).Id | Should -Be $free[0, 1].Id
        Get-AgentIdentity $free[0].Id | Get-AgentUser | ForEach-Object UserPrincipalName | Should -Be $made[0].UserPrincipalName
        Get-AgentIdentity -WithoutAgentUser | Should -HaveCount ($free.Count - 2)
    }

    It 'takes the objects of other modules' {
        $user = Get-AgentUser 'agent.*' | Select-Object -First 1
        [pscustomobject]@{ Id = $user.Id.ToString(); UserPrincipalName = $user.UserPrincipalName }, [pscustomobject]@{ ObjectId = $user.Id } |
            Get-AgentUser | Should -HaveCount 2
    }

    It 'retires nobody with -WhatIf' {
        $users = Get-AgentUser 'agent.*'
        $plan = $users | Invoke-AgentUserRetirement -WhatIf 3>$null 6>$null
        $plan.Outcome | Should -Be (@('Planned') * $users.Count)
        (Get-AgentUser 'agent.*').AccountEnabled | Should -Not -Contain $false
    }

    It 'says every error of one bad record and goes on with the next' {
        $records = [pscustomobject]@{ identityParentId = 'x'; displayName = ''; userPrincipalName = 'a b@contoso.com' },
        [pscustomobject]@{ identityParentId = 'a1d00000-0000-4000-8000-000000000020'; displayName = 'Five'; userPrincipalName = 'five@contoso.com' }
        $made = $records | New-AgentUser -ErrorVariable problems -ErrorAction SilentlyContinue
        $made.UserPrincipalName | Should -Be 'five@contoso.com'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'Invalid,*'
        $problems[0].ToString() -split "`n" | Should -HaveCount 4
    }

    It 'survives ConvertTo-Json and Export-Clixml' {
        $user = Get-AgentUser five@contoso.com
        $json = $user | ConvertTo-Json | ConvertFrom-Json
        $json.Id | Should -Be $user.Id.ToString()
        $file = Join-Path $TestDrive 'user.xml'
        $user | Export-Clixml $file
        (Import-Clixml $file | Get-AgentUser).Id | Should -Be $user.Id
    }
}
