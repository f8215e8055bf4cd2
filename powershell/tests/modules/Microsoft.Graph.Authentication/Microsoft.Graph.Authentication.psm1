# A stand-in for Microsoft's module of this name, which no test can install: the parameters, outputs, errors and repetitions
# that docs/sign-in.md#graph-powershell has sources for. Set-MgStandIn and Get-MgStandIn are its own.

class ApiException : System.Exception {
    [int] $ResponseStatusCode
    [System.Collections.Generic.IDictionary[string, System.Collections.Generic.IEnumerable[string]]] $ResponseHeaders
    ApiException([string] $message) : base($message) { }
}

class AuthenticationException : System.Exception {
    AuthenticationException([string] $message) : base($message) { }
}

$script:context = $null
$script:environments = @{ Global = 'https://graph.microsoft.com'; USGov = 'https://graph.microsoft.us'; China = 'https://microsoftgraph.chinacloudapi.cn' }
$script:request = @{ RetryDelay = 3; MaxRetry = 3; ClientTimeout = 300 }
# The settings of a test: the tokens of the sign-in, the first of them in use; another place to send to; whether nothing is
# given back, as some versions do after an error. And what was sent.
$script:standIn = @{ Tokens = [System.Collections.Generic.Queue[string]]::new(); Elsewhere = $null; Silent = $false; Sent = [System.Collections.Generic.List[object]]::new() }
$script:http = [System.Net.Http.HttpClient]::new()

function Set-MgStandIn {
    [CmdletBinding()]
    param([string[]] $Token, [uri] $Elsewhere, [switch] $Silent)
    if ($Token) {
        $script:standIn.Tokens.Clear()
        foreach ($one in $Token) { $script:standIn.Tokens.Enqueue($one) }
    }
    $script:standIn.Elsewhere = $Elsewhere
    $script:standIn.Silent = [bool] $Silent
}

function Get-MgStandIn { [CmdletBinding()] param() $script:standIn.Sent.ToArray() }

function Add-MgEnvironment {
    [CmdletBinding()]
    param([Parameter(Mandatory)][string] $Name, [Parameter(Mandatory)][string] $AzureADEndpoint, [Parameter(Mandatory)][string] $GraphEndpoint)
    $script:environments[$Name] = $GraphEndpoint
}

function Get-MgEnvironment {
    [CmdletBinding()]
    param([string] $Name)
    foreach ($key in $script:environments.Keys) {
        if (-not $Name -or $Name -eq $key) { [pscustomobject]@{ Name = $key; AzureADEndpoint = ''; GraphEndpoint = $script:environments[$key]; Type = 'User-defined' } }
    }
}

function Connect-MgGraph {
    [CmdletBinding()]
    param([string[]] $Scopes, [string] $TenantId = '7e000000-0000-4000-8000-000000000001', [string] $ClientId, [pscredential] $ClientSecretCredential,
        [string] $Environment = 'Global', [string] $ContextScope, [switch] $NoWelcome)
    $application = $null -ne $ClientSecretCredential
    $script:context = [pscustomobject]@{
        ClientId            = if ($application) { $ClientSecretCredential.UserName } elseif ($ClientId) { $ClientId } else { '14d82eec-204b-4c2f-b7e8-296a70dab67e' }
        TenantId            = $TenantId
        Scopes              = $Scopes
        AuthType            = if ($application) { 'AppOnly' } else { 'Delegated' }
        TokenCredentialType = if ($application) { 'ClientSecret' } else { 'InteractiveBrowser' }
        Account             = if ($application) { $null } else { 'admin@contoso.com' }
        ContextScope        = 'Process'
        Environment         = $Environment
    }
    if (-not $NoWelcome) { $Host.UI.WriteLine('Welcome to Microsoft Graph!') }
}

function Disconnect-MgGraph { [CmdletBinding()] param() $was = $script:context; $script:context = $null; $was }

function Get-MgContext { [CmdletBinding()] param() $script:context }

function Set-MgRequestContext {
    [CmdletBinding()]
    param([int] $RetryDelay, [int] $MaxRetry, [int] $ClientTimeout)
    foreach ($name in $PSBoundParameters.Keys) { $script:request[$name] = $PSBoundParameters[$name] }
}

# One try. The loop lets Ctrl+C in, as the real cmdlet's cancellation does.
function Send([System.Net.Http.HttpRequestMessage] $Message) {
    $Message.Headers.Authorization = [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $script:standIn.Tokens.Peek())
    $stop = [System.Threading.CancellationTokenSource]::new([timespan]::FromSeconds($script:request.ClientTimeout))
    $task = $script:http.SendAsync($Message, [System.Net.Http.HttpCompletionOption]::ResponseContentRead, $stop.Token)
    try {
        while (-not $task.IsCompleted) { [System.Threading.Thread]::Sleep(1) }
        $task.GetAwaiter().GetResult()
    }
    finally {
        $stop.Cancel()
    }
}

function Copy-Request([System.Net.Http.HttpRequestMessage] $Message) {
    $copy = [System.Net.Http.HttpRequestMessage]::new($Message.Method, $Message.RequestUri)
    foreach ($header in $Message.Headers) { $null = $copy.Headers.TryAddWithoutValidation($header.Key, $header.Value) }
    if ($Message.Content) {
        $copy.Content = [System.Net.Http.ByteArrayContent]::new($Message.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult())
        foreach ($header in $Message.Content.Headers) {
            if ($header.Key -ne 'Content-Length') { $null = $copy.Content.Headers.TryAddWithoutValidation($header.Key, $header.Value) }
        }
    }
    $copy
}

function Get-ApiException([System.Net.Http.HttpResponseMessage] $Response) {
    $exception = [ApiException]::new("HTTP request failed with status code: $($Response.StatusCode).")
    $exception.ResponseStatusCode = [int] $Response.StatusCode
    $headers = [System.Collections.Generic.Dictionary[string, System.Collections.Generic.IEnumerable[string]]]::new()
    foreach ($header in $Response.Headers) { $headers[$header.Key] = $header.Value }
    $exception.ResponseHeaders = $headers
    $exception
}

# Repeats on 429, 503 and 504, whatever the method: after Retry-After, else after a delay that doubles.
function Send-WithRetry([System.Net.Http.HttpRequestMessage] $Message) {
    $response = Send $Message
    $failures = [System.Collections.Generic.List[System.Exception]]::new()
    for ($retry = 1; [int] $response.StatusCode -in 429, 503, 504 -and $script:request.MaxRetry -gt 0; $retry++) {
        $failures.Add((Get-ApiException $response))
        if ($retry -gt $script:request.MaxRetry) {
            throw [System.AggregateException]::new("Too many retries performed. More than $($retry - 1) retries encountered while sending the request.", $failures)
        }
        $delay = if ($response.Headers.RetryAfter.Delta) { $response.Headers.RetryAfter.Delta } else { [timespan]::FromSeconds([math]::Pow(2, $retry - 1) * $script:request.RetryDelay) }
        $end = [datetime]::UtcNow + $delay
        while ([datetime]::UtcNow -lt $end) { [System.Threading.Thread]::Sleep(1) }
        $again = Copy-Request $Message
        $null = $again.Headers.Remove('Retry-Attempt')
        $again.Headers.Add('Retry-Attempt', "$retry")
        $response = Send $again
    }
    $response
}

function Invoke-MgGraphRequest {
    [CmdletBinding()]
    [Alias('Invoke-GraphRequest', 'Invoke-MgRestMethod')]
    param(
        [Parameter(Position = 1)][ValidateSet('GET', 'POST', 'PUT', 'PATCH', 'DELETE')][string] $Method = 'GET',
        [Parameter(Position = 2, Mandatory)][uri] $Uri,
        [Parameter(Position = 3, ValueFromPipeline)][object] $Body,
        [Parameter(Position = 4)][System.Collections.IDictionary] $Headers,
        [Parameter(Position = 5)][string] $OutputFilePath,
        [Parameter(Position = 6)][switch] $InferOutputFileName,
        [Parameter(Position = 7)][string] $InputFilePath,
        [Parameter(Position = 8)][switch] $PassThru,
        [Parameter(Position = 10)][switch] $SkipHeaderValidation,
        [Parameter(Position = 11)][string] $ContentType,
        [Parameter(Position = 13)][string] $SessionVariable,
        [Parameter(Position = 14)][string] $ResponseHeadersVariable,
        [Parameter(Position = 15)][string] $StatusCodeVariable,
        [Parameter(Position = 16)][switch] $SkipHttpErrorCheck,
        [Parameter(Position = 17)][object] $GraphRequestSession,
        [Parameter(Position = 18)][string] $UserAgent,
        [Parameter(Position = 19)][ValidateSet('HashTable', 'PSObject', 'HttpResponseMessage', 'Json')][string] $OutputType = 'HashTable',
        [switch] $Break)

    if (-not $script:context) {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
            [AuthenticationException]::new('Authentication needed. Please call Connect-MgGraph.'), 'AuthenticationError', 'AuthenticationError', $null))
    }
    if ($OutputType -ne 'HttpResponseMessage') { throw "The stand-in does not have -OutputType $OutputType." }
    $root = if ($script:standIn.Elsewhere) { $script:standIn.Elsewhere } else { [uri] $script:environments[$script:context.Environment] }
    $message = [System.Net.Http.HttpRequestMessage]::new($Method, [uri]::new($root, $Uri))
    foreach ($name in $Headers.Keys) { $message.Headers.Add($name, [string] $Headers[$name]) }
    $null = $message.Headers.TryAddWithoutValidation('User-Agent', $UserAgent)
    if ($Body -is [byte[]]) {
        $message.Content = [System.Net.Http.ByteArrayContent]::new($Body)
        $message.Content.Headers.Add('Content-Type', $(if ($ContentType) { $ContentType } else { 'application/json' }))
    }
    elseif ($Method -ne 'GET') { $message.Content = [System.Net.Http.ByteArrayContent]::new([byte[]]::new(0)) }
    $script:standIn.Sent.Add([pscustomobject]@{ Method = $Method; Uri = $Uri; Headers = $Headers; UserAgent = $UserAgent; Verbose = $VerbosePreference })
    if ($script:standIn.Silent) { return }
    $PSCmdlet.WriteVerbose("$Method $($message.RequestUri) with $($Body.Length)-byte payload")
    try {
        $response = Send-WithRetry $message
        if ([int] $response.StatusCode -eq 401) {
            # The sign-in is asked for another token once, without a question where it can.
            if ($script:standIn.Tokens.Count -gt 1) { $null = $script:standIn.Tokens.Dequeue() }
            $response = Send-WithRetry (Copy-Request $message)
        }
    }
    catch {
        $inner = $_.Exception
        while ($inner -is [System.Management.Automation.MethodInvocationException] -and $inner.InnerException) { $inner = $inner.InnerException }
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($inner, 'InvokeGraphHttpResponseException', 'InvalidOperation', $message))
    }
    if (-not $SkipHttpErrorCheck -and -not $response.IsSuccessStatusCode) { throw "Response status code does not indicate success: $($response.StatusCode)." }
    # Text comes as text, whatever the output type.
    if ($response.Content.Headers.ContentType.MediaType -like 'text/*') { $response.Content.ReadAsStringAsync().GetAwaiter().GetResult() }
    else { $PSCmdlet.WriteObject($response) }
    if ($StatusCodeVariable) { $PSCmdlet.SessionState.PSVariable.Set($StatusCodeVariable, [int] $response.StatusCode) }
    if ($ResponseHeadersVariable) {
        $all = @{}
        foreach ($header in $response.Headers) { $all[$header.Key] = $header.Value }
        $PSCmdlet.SessionState.PSVariable.Set($ResponseHeadersVariable, $all)
    }
}
