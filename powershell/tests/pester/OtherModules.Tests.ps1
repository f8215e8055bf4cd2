#Requires -Version 7.5
# Other modules in the same session, which bring other versions of assemblies that are known from Microsoft.Graph, Az and ExchangeOnline.
param([string] $Module)

BeforeAll {
    $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'other')
    # Add-Type gives an assembly a name of its own.
    foreach ($name in 'System.Text.Json', 'Newtonsoft.Json', 'Azure.Core', 'Microsoft.Identity.Client') {
        $assembly = [System.Reflection.Emit.PersistedAssemblyBuilder]::new("$name, Version=99.0.0.0", [object].Assembly)
        $null = $assembly.DefineDynamicModule($name).DefineType('Other', 'Public').CreateType()
        $assembly.Save((Join-Path $folder "$name.dll"))
    }
    # As a module with a load context of its own has them, and as one without: the engine has the first two itself.
    $theirs = @"
`$context = [System.Runtime.Loader.AssemblyLoadContext]::new('other')
`$types = foreach (`$name in 'System.Text.Json', 'Newtonsoft.Json') { `$context.LoadFromAssemblyPath("$folder/`$name.dll").GetType('Other') }
`$types += foreach (`$name in 'Azure.Core', 'Microsoft.Identity.Client') { [System.Reflection.Assembly]::LoadFrom("$folder/`$name.dll").GetType('Other') }
"@
    $ours = "Import-Module '$Module'; Start-AgentUserSimulator -AgentUsers 3 | Connect-AgentUser"
    $both = @'
"theirs $(($types | ForEach-Object { $_.Assembly.GetName() } | ForEach-Object { "$($_.Name) $($_.Version.Major)" }) -join ', ')"
"ours $(@(Get-AgentUser).Count) $((Get-AgentUser agent25@contoso.com | ConvertTo-Json | ConvertFrom-Json).DisplayName)"
$mine = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -like 'AgentUser*' }
"assemblies $($mine.GetName().Name)"
'@
}

Describe 'Beside other modules' {
    It 'works when theirs come <_>' -ForEach 'first', 'last' {
        $script = if ($_ -eq 'first') { $theirs, $ours, $both } else { $ours, 'Get-AgentUser | Out-Null', $theirs, $both }
        $lines = pwsh -NoProfile -NonInteractive -Command ($script -join "`n")
        $lines | Should -HaveCount 3
        $lines[0] | Should -Be 'theirs System.Text.Json 99, Newtonsoft.Json 99, Azure.Core 99, Microsoft.Identity.Client 99'
        $lines[1] | Should -BeLike 'ours 3 ?*'
        $lines[2] | Should -Be 'assemblies AgentUser.PowerShell'
    }
}
