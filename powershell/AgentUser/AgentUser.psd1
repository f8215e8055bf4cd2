@{
    RootModule             = 'AgentUser.PowerShell.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = 'c7e7b975-2daf-4c7d-a999-a94b757d6bb0'
    Author                 = 'The agentuser maintainers'
    CompanyName            = 'The agentuser maintainers'
    Copyright              = 'MIT license'
    Description            = 'Lifecycle management of Microsoft Entra agent users, the user accounts of AI agents: validates, creates exactly once, finds, provisions by roster and removes them.'
    CompatiblePSEditions   = @('Desktop', 'Core')
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('AgentUser.format.ps1xml')
    CmdletsToExport        = @(
        'Connect-AgentUser'
        'Disconnect-AgentUser'
        'Get-AgentIdentity'
        'Get-AgentUser'
        'Get-AgentUserErrorHelp'
        'Get-AgentUserToken'
        'Invoke-AgentUserRoster'
        'New-AgentUser'
        'Remove-AgentUser'
        'Start-AgentUserSimulator'
        'Stop-AgentUserSimulator'
        'Test-AgentUser'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags       = @('Entra', 'MicrosoftGraph', 'AgentUser', 'AgentIdentity', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
