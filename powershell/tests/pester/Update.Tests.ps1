# A newer version of the module in a session that has loaded this one.
param([string] $Module)

BeforeAll {
    $newer = New-Item -ItemType Directory (Join-Path $TestDrive 'AgentUser')
    Copy-Item (Join-Path $Module '*') $newer -Recurse
    $manifest = Join-Path $newer 'AgentUser.psd1'
    (Get-Content -Raw $manifest) -replace "(ModuleVersion\s*=) '.*?'", "`$1 '99.0.0'" | Set-Content $manifest
    $engine = (Get-Process -Id $PID).Path
}

Describe 'An update' {
    # Windows PowerShell takes double quotes out of what it hands to a program: the scripts here have none.
    It 'says that a new session is needed' {
        $said = & $engine -NoProfile -NonInteractive -Command @"
Import-Module '$Module'
Resolve-AgentUserName 'Sales Agent' -Domain contoso.com | ForEach-Object UserPrincipalName
Remove-Module AgentUser
Import-Module '$newer'
try { Resolve-AgentUserName 'Sales Agent' -Domain contoso.com } catch { `$_.FullyQualifiedErrorId; `$_.ToString() }
"@
        $said[0] | Should -Be 'sales.agent@contoso.com'
        $said[1] | Should -BeLike 'NewSessionNeeded,*'
        $said[2] | Should -BeLike 'The module AgentUser 99.0.0 was imported, and this session had loaded *'
    }

    It 'does not matter while the version is the same' {
        (Get-Content -Raw $manifest) -replace '99.0.0', (Import-PowerShellDataFile (Join-Path $Module 'AgentUser.psd1')).ModuleVersion | Set-Content $manifest
        $said = & $engine -NoProfile -NonInteractive -Command @"
Import-Module '$Module'
Import-Module '$newer' -Force
Resolve-AgentUserName 'Sales Agent' -Domain contoso.com | ForEach-Object UserPrincipalName
"@
        $said | Should -Be 'sales.agent@contoso.com'
    }
}
