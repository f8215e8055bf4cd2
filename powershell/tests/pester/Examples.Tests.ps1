# The examples of the help, as they are typed: each in a tenant of its own, and none ends with an error.
param([string] $Module)

BeforeDiscovery {
    [xml] $help = Get-Content -Raw (Join-Path $Module 'en-US/AgentUser.PowerShell.dll-Help.xml')
    $all = foreach ($command in $help.helpItems.command) {
        foreach ($example in $command.examples.example) { @{ Cmdlet = $command.details.name; Code = [string] $example.code } }
    }
    # These sign in at Microsoft, or by the module of Microsoft, or need a person: ConnectSignInTests and mggraph.ps1 have tests of that.
    $elsewhere = '^Connect-AgentUser .*-(TenantId|Identity)\b|^Connect-MgGraph |^Get-AgentUserToken -Scope '
    $examples = $all | Where-Object { $_.Code -notmatch $elsewhere }
    $cmdlets = $all.Cmdlet | Select-Object -Unique | ForEach-Object { @{ Cmdlet = $_; Run = @($examples | Where-Object Cmdlet -EQ $_).Count } }
}

BeforeAll {
    Import-Module $Module
    # Commands of other modules, and the two that would leave the machine or open a window.
    function Get-AzAccessToken { @{ Token = ConvertTo-SecureString admin -AsPlainText -Force } }
    function Invoke-RestMethod { }
    function Invoke-Item { }

    # A tenant with what the examples name: users, a department, licenses, a group, and files in the working folder.
    function New-Scene([switch] $AsPerson) {
        $options = @{
            groups = @(@{ name = 'Agent 365 Licensed'; members = @('agent27@contoso.com') })
            licenses = @('agent25', 'agent26' | ForEach-Object { @{ user = "$_@contoso.com"; sku = 'AGENT_365' } })
            tokens = @(@{ token = 'person'; user = 'human1@contoso.com' })
        }
        $simulator = Start-AgentUserSimulator -AgentUsers 4 -Speed 3600 -LatencyMilliseconds 0, 0 -Option $options
        # Graph tells signed-in people alone the objects that a person sponsors.
        if ($AsPerson) { Connect-AgentUser -GraphEndpoint $simulator.GraphEndpoint -AccessToken { 'person' } } else { $simulator | Connect-AgentUser }
        $null = New-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000009 -DisplayName Sales -UserPrincipalName sales@contoso.com `
            -UsageLocation DE -Department Sales
        Set-AgentUser agent26@contoso.com -Department Pilot -UsageLocation DE
        Set-AgentUser agent25@contoso.com -UsageLocation DE
        $row = [pscustomobject]@{
            identityParentId = 'a1d00000-0000-4000-8000-000000000010'; displayName = 'Agent 10'; userPrincipalName = 'agent.10@contoso.com'; department = 'Sales'
            usageLocation = 'DE'; licenses = 'AGENT_365'
        }
        $row | Export-Csv roster.csv -NoTypeInformation
        $row | Select-Object identityParentId, displayName | Export-Csv new.csv -NoTypeInformation
        [pscustomobject]@{ From = 'human1@contoso.com'; To = 'human2@contoso.com' } | Export-Csv leavers.csv -NoTypeInformation
        $null = Export-AgentUserPlan plan.json -Roster roster.csv
    }

    # Commands that ran before the first command of an example.
    $before = @{
        'Restore-AgentUser' = { Remove-AgentUser agent25@contoso.com, agent26@contoso.com }
        'Remove-AgentUser' = { Remove-AgentUser agent27@contoso.com }
        'Suspend-AgentUser' = { $null = Suspend-AgentUser agent25@contoso.com -ReportPath stopped.json }
        'Get-AgentUserRosterReport' = { Set-AgentUser sales@contoso.com -JobTitle Agent }
        'Get-AgentUserHelp' = { Get-AgentUser nobody@contoso.com -ErrorAction SilentlyContinue }
        'Invoke-AgentUserAudit' = { $null = Invoke-AgentUserAudit -Summary -SaveSnapshot tenant.json }
        'Get-AgentUser' = { Add-AgentUserSponsor sales@contoso.com -Sponsor human1@contoso.com }
        'Move-AgentUserSponsor' = { Add-AgentUserSponsor sales@contoso.com -Sponsor human1@contoso.com }
        'Wait-AgentIdentityPermission' = { Connect-AgentUser -GraphEndpoint (Start-AgentUserSimulator -AccessToken admin).GraphEndpoint -AccessToken { 'admin' } }
        'Revoke-AgentIdentityPermission' = { Grant-AgentIdentityPermission sales@contoso.com -Scope Mail.Send }
        'Remove-AgentIdentityAppRole' = { Add-AgentIdentityAppRole -Blueprint b1a00000-0000-4000-8000-000000000001 -AppRole User.Read.All }
        'Clear-AgentUserManager' = { Disable-AgentUser agent26@contoso.com }
    }
}

AfterAll {
    Remove-Module AgentUser
}

Describe 'An example of the help' {
    BeforeEach {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid())))
        # Questions are not answered here.
        $ConfirmPreference = 'None'
        $WarningPreference = 'SilentlyContinue'
        New-Scene -AsPerson:($Code -match '-(Mine|SponsoredBy)\b')
    }

    AfterEach {
        Get-AgentUserConnection | Disconnect-AgentUser
        Stop-AgentUserSimulator
        Pop-Location
    }

    It 'of <Cmdlet> runs: <Code>' -ForEach $examples {
        if ($before[$Cmdlet]) { . $before[$Cmdlet] }
        # The digest is one that somebody has copied from the plan.
        $digest = (Import-AgentUserPlan plan.json).Digest
        $script = [scriptblock]::Create(($Code -replace '\S+…', $digest))
        $found, $output = (. $script 2>&1 6>$null).Where({ $_ -is [Management.Automation.ErrorRecord] }, 'Split')
        $found | Should -BeNullOrEmpty
        # A last command that is one of ours outputs the types that it declares.
        $last = $script.Ast.EndBlock.Statements[-1].PipelineElements[-1]
        if ($last -is [Management.Automation.Language.CommandAst] -and ($command = Get-Command $last.GetCommandName() -Module AgentUser -ErrorAction Ignore)) {
            foreach ($object in $output) { $object.GetType().FullName | Should -BeIn $command.OutputType.Name }
        }
    }

    It 'is run at least twice for <Cmdlet>' -ForEach $cmdlets {
        $Run | Should -BeGreaterOrEqual 2
    }
}
