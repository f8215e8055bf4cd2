# Lists every agent user into a variable, by the loop that scripts have today: list-by-loop.ps1 ENDPOINT TOKEN
param([uri] $Endpoint, [string] $Token)

$headers = @{ Authorization = "Bearer $Token" }
$users = [System.Collections.Generic.List[object]]::new()
$next = "$Endpoint/v1.0/users/microsoft.graph.agentUser?`$top=999"
while ($next) {
    $page = Invoke-RestMethod -Uri $next -Headers $headers -AllowUnencryptedAuthentication
    $users.AddRange($page.value)
    $next = $page.'@odata.nextLink'
}
"$($users.Count) agent users, the last is $($users[-1].userPrincipalName)"
