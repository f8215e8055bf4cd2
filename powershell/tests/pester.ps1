#Requires -Version 5.1
# The tests in the whole PowerShell: pester.ps1 MODULE. They are in the folder pester, and need Pester 5 or newer. A file with #Requires is
# left to the versions that have what it tests. -Name runs one file.
param([string] $Module, [string] $Name = '*')

$ErrorActionPreference = 'Stop'
$configuration = New-PesterConfiguration
$all = @(Get-ChildItem (Join-Path $PSScriptRoot 'pester') -Filter "$Name.Tests.ps1")
if ($all.Count -eq 0) { throw "No file of tests is named $Name.Tests.ps1." }
$files = foreach ($one in $all) {
    $required = [System.Management.Automation.Language.Parser]::ParseFile($one.FullName, [ref] $null, [ref] $null).ScriptRequirements.RequiredPSVersion
    if ($required -gt $PSVersionTable.PSVersion) { Write-Warning "$($one.Name) requires PowerShell $required and is left out of $($PSVersionTable.PSVersion)." } else { $one }
}
$configuration.Run.Container = @($files | ForEach-Object { New-PesterContainer -Path $_.FullName -Data @{ Module = $Module } })
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$result = Invoke-Pester -Configuration $configuration
# A test that is left out tests nothing.
if ($result.FailedCount -gt 0 -or $result.SkippedCount -gt 0 -or $result.PassedCount -eq 0) { exit 1 }
