# The output of cmdlets goes into files and comes back.
param([string] $Module)

BeforeAll {
    Import-Module $Module
    Start-AgentUserSimulator -Option @{ tenant = 'troubled' } | Connect-AgentUser
    $file = Join-Path $TestDrive 'file'
    $roster = Join-Path $TestDrive 'roster.csv'
    'identityParentId,displayName,userPrincipalName,usageLocation,licenses', 'a1d00000-0000-4000-8000-000000000001,New,new@contoso.com,DE,AGENT_365' | Set-Content $roster
    $plan = Export-AgentUserPlan (Join-Path $TestDrive 'plan.json') -Roster $roster
}

AfterAll {
    Stop-AgentUserSimulator
    Remove-Module AgentUser
}

Describe 'Round trips' {
    It 'survives Export-Csv, ConvertTo-Json and Export-Clixml: <_>' -ForEach @(
        'Get-AgentUser'
        'Get-AgentIdentity a1d00000-0000-4000-8000-000000000001 -Property Sponsors, Owners, Lifecycle'
        'Get-AgentIdentityBlueprint'
        'Get-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -Chain'
        'Invoke-AgentUserAudit'
        'Invoke-AgentUserAudit -Summary'
        '(Invoke-AgentUserAudit -Summary).Rules'
        'Get-AgentUserManager idle@contoso.com'
        'Get-AgentUserSponsor idle@contoso.com'
        'Get-AgentUserGroup role.group@contoso.com'
        'Get-AgentUserAccess role.group@contoso.com'
        'Get-AgentIdentityPermission grant.for.all@contoso.com'
        'Wait-AgentIdentityPermission AgentIdUser.ReadWrite.All -PassThru'
        'Get-AgentUserLicense idle@contoso.com'
        'Get-AgentUserSku'
        'Invoke-AgentUserRoster $roster -WhatIf 6>$null'
        'Test-AgentUser -DisplayName A'
        '(Test-AgentUser -DisplayName A).Violations'
        'Get-AgentUserHelp UpnTaken, Throttled'
        'Get-AgentUserConnection'
        'Test-AgentUserConnection'
        'Get-AgentUserPermission Get-AgentUser'
        'Resolve-AgentUserName A -Domain contoso.com'
        '$plan'
        '$plan.Changes'
    ) {
        $objects = @(& ([scriptblock]::Create($_)))
        $objects | Should -Not -BeNullOrEmpty
        $objects | Export-Csv $file -NoTypeInformation
        @(Import-Csv $file) | Should -HaveCount $objects.Count
        Get-Content -Raw $file | Should -Not -Match 'System\.|AgentUsers\.|`1'
        $json = ConvertTo-Json $objects -Depth 6
        $json | Should -Not -Match 'System\.|AgentUsers\.'
        @($json | ConvertFrom-Json) | Should -HaveCount $objects.Count
        $objects | Export-Clixml $file
        $back = @(Import-Clixml $file)
        $back | Out-String -Width 120 | Should -Be ($objects | Out-String -Width 120)
        $back | Format-List | Out-String -Width 120 | Should -Be ($objects | Format-List | Out-String -Width 120)
    }

    It 'takes a CSV file with people, edited, as a roster' {
        Get-AgentUser idle@contoso.com -Property Manager, Sponsors | Export-Csv $file -NoTypeInformation
        $row = Import-Csv $file
        $row.Manager, $row.Sponsors | Should -Match '@contoso.com$'
        $row.JobTitle = 'Analyst'
        $row | Export-Csv $file -NoTypeInformation
        $done = Invoke-AgentUserRoster $file
        $done.Outcome | Should -Be 'Changed'
        "$($done.Changes)" | Should -Be 'set jobTitle to "Analyst"'
    }

    It 'takes a JSON file with people, edited, as a roster: <Write>' -ForEach @(
        @{ Write = '$user | ConvertTo-Json' }
        @{ Write = '$user | ConvertTo-Json -Depth 4' }
        @{ Write = 'ConvertTo-Json @($user) -Depth 4' }
        @{ Write = 'ConvertTo-Json @($user)' }
    ) {
        $user = Get-AgentUser idle@contoso.com -Property Manager, Sponsors
        $user.JobTitle = $Write
        & ([scriptblock]::Create($Write)) 3>$null | Set-Content $file
        $done = Invoke-AgentUserRoster $file 6>$null
        $done.Outcome | Should -Be 'Changed'
        "$($done.Changes)" | Should -BeLike "set jobTitle *to `"$Write`""
    }

    It 'takes permissions of a CSV file as grants' {
        Grant-AgentIdentityPermission idle@contoso.com -Scope User.Read, Mail.Send
        Get-AgentIdentityPermission idle@contoso.com | Export-Csv $file -NoTypeInformation
        Revoke-AgentIdentityPermission idle@contoso.com -Scope User.Read, Mail.Send -Force
        Get-AgentIdentityPermission idle@contoso.com | Should -BeNullOrEmpty
        (Import-Csv $file | Grant-AgentIdentityPermission -PassThru).Outcome | Should -Be 'Changed'
        (Get-AgentIdentityPermission idle@contoso.com).Scope | Should -Be 'User.Read', 'Mail.Send'
    }
}
