# Says what a session of pwsh pays before the first answer: import.ps1 MODULE [TIMES]
# Each number is of a process of its own, by Measure-Command, and the modules take turns.
param([string] $Module, [int] $Times = 20)

. (Join-Path $PSScriptRoot median.ps1)
$Module = Convert-Path -LiteralPath $Module
$ErrorActionPreference = 'Stop'
$folder = Join-Path ([System.IO.Path]::GetTempPath()) "agentuser-bench-$PID"

# Two modules that show how little a module can cost: one cmdlet, and one cmdlet with a table of one column.
function New-SmallModule([string] $Name, [bool] $HasFormat) {
    $own = Join-Path $folder $Name
    $null = New-Item -ItemType Directory -Path $own
    $code = "using System.Management.Automation; [Cmdlet(`"Get`", `"$Name`")] public sealed class Get$Name : Cmdlet { }"
    Add-Type -TypeDefinition $code -OutputAssembly (Join-Path $own "$Name.dll") -OutputType Library
    $formats = if ($HasFormat) { "$Name.format.ps1xml" } else { @() }
    if ($HasFormat) {
        Set-Content -LiteralPath (Join-Path $own $formats) -Value (
            "<Configuration><ViewDefinitions><View><Name>$Name</Name><ViewSelectedBy><TypeName>$Name</TypeName></ViewSelectedBy>" +
            '<TableControl><TableHeaders><TableColumnHeader /></TableHeaders><TableRowEntries><TableRowEntry><TableColumnItems>' +
            '<TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries>' +
            '</TableControl></View></ViewDefinitions></Configuration>')
    }
    New-ModuleManifest -Path (Join-Path $own "$Name.psd1") -RootModule "$Name.dll" -FormatsToProcess $formats `
        -CmdletsToExport "Get-$Name" -FunctionsToExport @() -AliasesToExport @() -VariablesToExport @()
    $own
}

$call = 'Test-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName A -UserPrincipalName a@contoso.com'
function Measure-Session([string] $Path, [bool] $Calls) {
    $script = "`$ErrorActionPreference = 'Stop'; (Measure-Command { Import-Module '$Path' }).TotalMilliseconds"
    if ($Calls) {
        $script += "; (Measure-Command { $call }).TotalMilliseconds; (Measure-Command { $call }).TotalMilliseconds"
    }
    $times = pwsh -NoProfile -NonInteractive -Command $script
    if ($LASTEXITCODE -ne 0) { throw "$Path could not be measured." }
    , [double[]] $times
}

try {
    $small = New-SmallModule 'Small' $false
    $withFormat = New-SmallModule 'SmallWithFormat' $true
    $samples = foreach ($time in 0..$Times) {
        $ours = Measure-Session $Module $true
        $sample = [pscustomobject] @{
            Small = (Measure-Session $small $false)[0]; Format = (Measure-Session $withFormat $false)[0]
            Import = $ours[0]; First = $ours[1]; Second = $ours[2]
        }
        # The first round warms the disk's cache.
        if ($time -gt 0) { $sample }
    }
    "Medians of $Times processes of pwsh $($PSVersionTable.PSVersion), in turns.`n"
    '| | ms | aim |'
    '|---|---|---|'
    "| ``Import-Module`` of one cmdlet | $((Get-Median $samples.Small).ToString('0.0')) | |"
    "| of one cmdlet and a table of one column | $((Get-Median $samples.Format).ToString('0.0')) | |"
    "| of this module, with all its cmdlets | $((Get-Median $samples.Import).ToString('0.0')) | 45 |"
    "| the first call, which loads the native library | $((Get-Median $samples.First).ToString('0.0')) | 25 |"
    "| the second call | $((Get-Median $samples.Second).ToString('0.0')) | |"
} finally {
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
}
