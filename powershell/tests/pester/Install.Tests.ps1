#Requires -Version 7.4
# Publishing, finding, installing and importing by PSResourceGet, from a folder.
param([string] $Module)

Describe 'Install' {
    It 'is published into a folder, found, saved and imported by name' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'gallery')
        $saved = New-Item -ItemType Directory (Join-Path $TestDrive 'modules')
        Register-PSResourceRepository -Name agentuser-test -Uri $folder.FullName -Trusted
        try {
            Publish-PSResource -Path $Module -Repository agentuser-test
            (Find-PSResource AgentUser -Repository agentuser-test).Name | Should -Be 'AgentUser'
            Save-PSResource AgentUser -Repository agentuser-test -Path $saved.FullName
        }
        finally {
            Unregister-PSResourceRepository -Name agentuser-test
        }
        # In a process of its own: the assembly of another folder may be loaded in this one.
        $script = "`$env:PSModulePath = '$saved'; Import-Module AgentUser; Start-AgentUserSimulator -AgentUsers 3 | Connect-AgentUser; @(Get-AgentUser).Count"
        pwsh -NoProfile -NonInteractive -Command $script | Should -Be 3
    }
}
