@{
    RootModule        = 'Microsoft.Graph.Authentication.psm1'
    ModuleVersion     = '2.99.0'
    GUID              = '5b1f1a52-6a86-4a0e-9d6c-6a8f2f1f6f01'
    Author            = 'The agentuser maintainers'
    Description       = 'A stand-in for tests: the public parameters, errors and repetitions of the module of this name.'
    PowerShellVersion = '5.1'
    FunctionsToExport = @(
        'Add-MgEnvironment', 'Connect-MgGraph', 'Disconnect-MgGraph', 'Get-MgContext', 'Get-MgEnvironment', 'Invoke-MgGraphRequest'
        'Set-MgRequestContext', 'Set-MgStandIn', 'Get-MgStandIn'
    )
    CmdletsToExport   = @()
    AliasesToExport   = @('Invoke-GraphRequest', 'Invoke-MgRestMethod')
    VariablesToExport = @()
}
