#Requires -Version 7
# The example of an agent user that signs in, in the whole PowerShell and against the simulator: agent.ps1 MODULE
param([string] $Module)

$ErrorActionPreference = 'Stop'

function Assert([string] $What, [bool] $Condition) {
    if (-not $Condition) { throw "Not so: $What" }
    "ok: $What"
}

# The example imports it by its name.
$env:PSModulePath = (Split-Path $Module) + [IO.Path]::PathSeparator + $env:PSModulePath
Import-Module $Module
$simulator = Start-AgentUserSimulator -AccessToken admin
try {
    $root = $simulator.GraphEndpoint
    $identity = 'a1d00000-0000-4000-8000-0000000dbba3'
    $user = 'a6000000-0000-4000-8000-0000000dbba3'
    $post = @{ Method = 'Post'; ContentType = 'application/json'; Headers = @{ Authorization = 'Bearer admin' } }
    $null = Invoke-RestMethod "$($root)simulator/consent" @post -Body "{`"client`": `"$identity`", `"scope`": `"User.Read`"}"
    $null = Invoke-RestMethod "$($root)v1.0/users/$user" -Method Patch -ContentType application/json -Headers $post.Headers -Body '{"usageLocation": "DE"}'
    $license = '{"addLicenses": [{"skuId": "5c000000-0000-4000-8000-000000000001"}], "removeLicenses": []}'
    $null = Invoke-RestMethod "$($root)v1.0/users/$user/assignLicense" @post -Body $license

    $env:AGENTUSER_GRAPH_ENDPOINT = $root
    $env:AGENTUSER_TENANT = 'contoso.com'
    $env:AGENTUSER_CLIENT_ID = 'b1a00000-0000-4000-8000-000000000001'
    $env:AGENTUSER_CLIENT_SECRET = 'simulated-secret'
    $env:AGENT_IDENTITY = $identity
    $env:AGENT_USER = $user
    $example = "$PSScriptRoot/../../examples/powershell/agent.ps1"
    $said = @(& $example)
    Assert 'the agent user reads its account and its license' ("$said" -eq 'first.agent@contoso.com (first.agent) AGENT_365')

    $env:AGENTUSER_CLIENT_SECRET = 'a wrong secret'
    $problem = $null
    try { & $example } catch { $problem = $_ }
    Assert 'a wrong secret is told of' ($problem.FullyQualifiedErrorId -like 'SignInSecretWrong,*')
    Assert 'and not shown' (-not ("$problem $($problem.Exception)" -like '*a wrong secret*'))

    $env:AGENT_USER = $null
    try { & $example } catch { $problem = $_ }
    Assert 'a variable that is not set signs nobody else in' ($problem.FullyQualifiedErrorId -like 'Required,*' -and "$problem" -like '-AgentUserId:*')
}
finally {
    Stop-AgentUserSimulator
    Remove-Module AgentUser
}
'smoke test passed'
