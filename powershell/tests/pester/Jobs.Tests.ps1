# Runspaces and processes beside the one that is connected.
param([string] $Module)

BeforeAll {
    Import-Module $Module
    $simulator = Start-AgentUserSimulator -AgentUsers 12 -AccessToken admin
    $connection = $simulator | Connect-AgentUser -PassThru
    $users = Get-AgentUser
}

AfterAll {
    Stop-AgentUserSimulator
    Remove-Module AgentUser
}

Describe 'Jobs' {
    It 'works in a job of its own process, whose objects come back' {
        $job = Start-Job {
            param($module, $endpoint)
            Import-Module $module
            Connect-AgentUser -GraphEndpoint $endpoint -AccessToken { 'admin' }
            Get-AgentUser
        } -ArgumentList $Module, $simulator.GraphEndpoint
        $found = $job | Receive-Job -Wait -AutoRemoveJob
        $found | Should -HaveCount 12
        ($found[0] | Get-AgentUser).Id | Should -Be $found[0].Id
    }

    It 'gives a job objects that Export-Clixml keeps' {
        $file = Join-Path $TestDrive 'reports.xml'
        $job = Start-Job {
            param($module, $endpoint, $file)
            Import-Module $module
            Connect-AgentUser -GraphEndpoint $endpoint -AccessToken { 'admin' }
            Get-AgentUser | Set-AgentUser -City Kiel -PassThru | Export-Clixml $file
        } -ArgumentList $Module, $simulator.GraphEndpoint, $file
        $job | Receive-Job -Wait -AutoRemoveJob
        $reports = Import-Clixml $file
        $reports | Should -HaveCount 12
        $reports.Outcome | Should -Be (@('Changed') * 12)
        ($reports | Get-AgentUser).City | Should -Be (@('Kiel') * 12)
    }

    It 'works in a pool of runspaces with the connection of this one' {
        $state = [initialsessionstate]::CreateDefault()
        $state.ImportPSModule($Module)
        $pool = [runspacefactory]::CreateRunspacePool(1, 3, $state, $Host)
        $pool.Open()
        try {
            $running = foreach ($user in $users) {
                $shell = [powershell]::Create()
                $shell.RunspacePool = $pool
                $null = $shell.AddCommand('Get-AgentUser').AddParameter('Id', $user.Id).AddParameter('Connection', $connection)
                @{ Shell = $shell; Result = $shell.BeginInvoke() }
            }
            $names = foreach ($one in $running) {
                $one.Shell.EndInvoke($one.Result).UserPrincipalName
                $one.Shell.Dispose()
            }
            $names | Should -Be $users.UserPrincipalName
        }
        finally {
            $pool.Dispose()
        }
    }
}
