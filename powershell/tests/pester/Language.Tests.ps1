# A session in constrained language mode, as policies of Windows make it.
param([string] $Module)

BeforeAll {
    # A session of its own: the mode of one can't be given back.
    function Invoke-Constrained([string] $Script) {
        $state = [initialsessionstate]::CreateDefault()
        $state.ImportPSModule($Module)
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        $runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
        $shell = [powershell]::Create()
        $shell.Runspace = $runspace
        try {
            $null = $shell.AddScript($Script)
            $shell.Invoke()
            $shell.Streams.Error | ForEach-Object { "error: $($_.FullyQualifiedErrorId) $_" }
        }
        finally {
            $shell.Dispose()
            $runspace.Dispose()
        }
    }
}

Describe 'Constrained language mode' {
    It 'is the mode of these tests' {
        Invoke-Constrained '$ExecutionContext.SessionState.LanguageMode' | Should -Be 'ConstrainedLanguage'
        Invoke-Constrained '[System.IO.Path]::GetTempPath()' | Should -BeLike 'error: MethodInvocationNotSupportedInConstrainedLanguage*'
    }

    It 'has every cmdlet of a usual day' {
        $said = Invoke-Constrained @'
Start-AgentUserSimulator -AgentUsers 3 -AccessToken admin -Option @{ groups = @(@{ name = 'Pilot' }) } | Connect-AgentUser
Connect-AgentUser -GraphEndpoint (Get-AgentUserConnection).Graph -AccessToken { 'admin' }
Get-AgentUser | ForEach-Object UserPrincipalName
$made = @{ identityParentId = 'a1d00000-0000-4000-8000-000000000001'; displayName = 'One'; groups = 'Pilot' } | New-AgentUser -Domain contoso.com
"$($made.Outcome) $($made.UserPrincipalName)"
(Get-AgentUser one@contoso.com | Set-AgentUser -Department Sales -PassThru).Outcome
(Get-AgentUser one@contoso.com | Remove-AgentUser -WhatIf).Outcome
(Invoke-AgentUserAudit).Count -gt 0
Get-AgentUser one@contoso.com | Format-Table | Out-String | ForEach-Object { $_ -like '*one@contoso.com*' }
'@
        $said | Should -Be 'agent25@contoso.com', 'agent26@contoso.com', 'first.agent@contoso.com', 'Created one@contoso.com', 'Changed', 'Planned', $true, $true
    }

    It 'says errors as ever' {
        Invoke-Constrained 'Get-AgentUser' | Should -BeLike 'error: NotConnected,*'
        Invoke-Constrained "Test-AgentUser -DisplayName A -Quiet" | Should -Be $false
    }

    It 'makes no objects from hashtables and calls no methods, and about_AgentUser has the errors of the engine and the other ways' {
        $offline = 'Resolve-AgentUserName Sales -Domain contoso.com'
        $refused = @(
            Invoke-Constrained '[AgentUsers.PowerShell.PSAgentUser]@{ DisplayName = "A" }'
            Invoke-Constrained '(Get-AgentUserHelp UpnTaken).Permissions.IndexOf("x")'
        )
        $about = Get-Content -Raw (Join-Path $Module 'en-US/about_AgentUser.help.txt')
        foreach ($line in $refused) {
            $line | Should -Match '^error: (MethodInvocationNotSupportedInConstrainedLanguage|ConversionSupportedOnlyToCoreTypes) '
            $about | Should -Match ($line -split '[ ,]+')[1]
        }
        Invoke-Constrained "($offline | ConvertTo-Json) -match 'sales@contoso.com'" | Should -Be $true
        Invoke-Constrained "('x' | Select-Object @{ n = 'City'; e = { 'Rome' } }).City" | Should -Be 'Rome'
    }
}
