#Requires -Version 7
# Runspaces and threads beside the one that is connected, by the commands that only PowerShell 7 has.
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

Describe 'Parallel' {
    It 'works in parallel runspaces with the connection of this one' {
        $names = $users | ForEach-Object -Parallel {
            Import-Module $using:Module
            (Get-AgentUser $_.Id -Connection $using:connection).UserPrincipalName
        } -ThrottleLimit 4
        $names | Sort-Object | Should -Be ($users.UserPrincipalName | Sort-Object)
    }

    It 'works in a thread job' {
        $job = Start-ThreadJob {
            Import-Module $using:Module
            Get-AgentUser -Connection $using:connection | Set-AgentUser -City Bonn -PassThru -Connection $using:connection
        }
        ($job | Receive-Job -Wait -AutoRemoveJob).Outcome | Should -Be (@('Changed') * 12)
    }

    It 'has no connection in a new runspace, and says so' {
        $problem = $users[0] | ForEach-Object -Parallel {
            Import-Module $using:Module
            try { Get-AgentUser $_.Id } catch { $_.FullyQualifiedErrorId }
        }
        $problem | Should -BeLike 'NotConnected,*'
    }
}
