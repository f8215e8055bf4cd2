#Requires -Version 7
# Signs in as an agent user, and reads the agent user's account and licenses: agent.ps1
#
# The environment has AGENTUSER_TENANT, AGENTUSER_CLIENT_ID and AGENTUSER_CLIENT_SECRET of the blueprint, and the object ids
# AGENT_IDENTITY and AGENT_USER; for a simulator also AGENTUSER_GRAPH_ENDPOINT.
$ErrorActionPreference = 'Stop'
$graph = [uri] ($env:AGENTUSER_GRAPH_ENDPOINT ? $env:AGENTUSER_GRAPH_ENDPOINT : 'https://graph.microsoft.com')
try {
    # Connect-AgentUser tells which variables are missing, with everything else that is wrong.
    $secret = $env:AGENTUSER_CLIENT_SECRET ? (ConvertTo-SecureString $env:AGENTUSER_CLIENT_SECRET -AsPlainText -Force) : [securestring]::new()
    # README: begin
    Import-Module AgentUser
    $agent = @{
        TenantId               = $env:AGENTUSER_TENANT
        ClientSecretCredential = [pscredential]::new($env:AGENTUSER_CLIENT_ID, $secret)   # of the blueprint; better a certificate
        AgentIdentityId        = $env:AGENT_IDENTITY
        AgentUserId            = $env:AGENT_USER
    }
    Connect-AgentUser @agent -GraphEndpoint $graph
    $bearer = @{ Authentication = 'Bearer'; Token = (Get-AgentUserToken).Token }
    # README: end

    # A simulator may speak plain http, which goes to this machine alone.
    $bearer.AllowUnencryptedAuthentication = $graph.IsLoopback
    $me = Invoke-RestMethod ([uri]::new($graph, '/v1.0/me?$select=userPrincipalName,displayName')) @bearer
    "$($me.userPrincipalName) ($($me.displayName))"
    (Invoke-RestMethod ([uri]::new($graph, '/v1.0/me/licenseDetails')) @bearer).value.skuPartNumber
    Disconnect-AgentUser
}
catch {
    $said = $_.Exception.Problem.GraphMessage
    [Console]::Error.WriteLine("$_`n$(if ($said) { "Microsoft says: $said`n" })fix: $($_.ErrorDetails.RecommendedAction)")
    exit 1
}
