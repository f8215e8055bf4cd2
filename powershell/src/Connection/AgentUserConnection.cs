using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers.PowerShell;

/// <summary>A connection to Microsoft Graph. It may be used in several runspaces at once.</summary>
public sealed class AgentUserConnection : IDisposable
{
    private static readonly ScriptBlock s_errors = ScriptBlock.Create(",$global:Error");
    private readonly NativeClient? _client;
    private readonly NativeSession? _session;
    private readonly AccessTokenSource? _token;
    private readonly GivenTokens _given = new();
    private readonly SignInHost? _host;
    private readonly IDisposable? _certificate;
    private TenantValues? _values;

    private AgentUserConnection(NativeClient client, AccessTokenSource token, string graph)
    {
        _client = client;
        _token = token;
        Graph = graph;
        SignIn = token.ToString();
    }

    private AgentUserConnection(NativeClient client, SignInHost host, IDisposable? certificate, string graph, string signIn)
    {
        _client = client;
        _host = host;
        _certificate = certificate;
        Graph = graph;
        SignIn = signIn;
    }

    private AgentUserConnection(NativeSession session, MgGraphSession mgGraph)
    {
        _session = session;
        MgGraph = mgGraph;
        Graph = mgGraph.Environment;
        SignIn = "MgGraph";
        Account = mgGraph.Account;
    }

    /// <summary>The name that Connect-AgentUser -Name gave it; null if it has none.</summary>
    public string? Name { get; internal set; }

    /// <summary>The cloud's name, or the Graph endpoint that was given in its place.</summary>
    public string Graph { get; }

    /// <summary>
    /// The kind of sign-in: <c>Browser</c>, <c>DeviceCode</c>, <c>ClientSecret</c>, <c>Certificate</c>, <c>FederatedTokenFile</c>,
    /// <c>ManagedIdentity</c> as a proof, <c>GitHubActions</c>, <c>AzurePipelines</c>, <c>Identity</c>, <c>SecureString</c>,
    /// <c>ScriptBlock</c> or <c>MgGraph</c>.
    /// </summary>
    public string SignIn { get; }

    /// <summary>The account that signed in, as the token names it; null where it is not known yet.</summary>
    public string? Account { get; internal set; }

    /// <summary>The session of Connect-MgGraph that it uses; null if it has a sign-in of its own.</summary>
    internal MgGraphSession? MgGraph { get; }

    /// <summary>Whether it was disconnected.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether it has one token, which was given and can't be renewed.</summary>
    internal bool HasOneToken => _token is { IsRenewable: false };

    /// <summary>Makes a connection whose tokens are given.</summary>
    /// <exception cref="AgentUserException">The options are invalid.</exception>
    internal static AgentUserConnection Open(AgentUserClientOptions options, AccessTokenSource token, string graph)
    {
        var client = new NativeClient(options);
        try
        {
            if (token.Fixed is not null)
                SetToken(client, token.Fixed);
            return new AgentUserConnection(client, token, graph);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Makes a connection that signs in itself.</summary>
    /// <param name="options">The options, with the sign-in.</param>
    /// <param name="certificate">The certificate that was opened for it; it is disposed of with the connection.</param>
    /// <param name="graph">The cloud, or the Graph endpoint.</param>
    /// <param name="signIn">The kind of sign-in.</param>
    /// <exception cref="AgentUserException">The options are invalid.</exception>
    internal static AgentUserConnection Open(AgentUserClientOptions options, IDisposable? certificate, string graph, string signIn) =>
        new(new NativeClient(options), options.Host, certificate, graph, signIn);

    /// <summary>Makes a connection over the session of another module.</summary>
    /// <exception cref="AgentUserException">The options are invalid.</exception>
    internal static AgentUserConnection Open(AgentUserClientOptions options, MgGraphSession session) =>
        new(new NativeSession(options.ToConfig().ToString()), session);

    /// <summary>Starts an operation.</summary>
    /// <param name="cmdlet">The cmdlet on whose thread the call is pumped.</param>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <exception cref="AgentUserException">The operation can't begin; the problem says why.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    internal ICall Start(PSCmdlet cmdlet, JsonValue operation, byte[]? input) => _session is null
        ? PumpedCall.Start(_client!, operation, input)
        : TransportCall.Start(_session, new MgGraphTransport(new MgGraphCommands(cmdlet), MgGraph!.GraphEndpoint!), operation, input);

    /// <summary>The values of the tenant that completion knows.</summary>
    internal TenantValues Values => _values ??= new TenantValues(operation => _client is null ? null : PumpedCall.Start(_client, operation), IsMetQuietly);

    /// <summary>The transport of a call whose requests only a cmdlet can send; null for any other.</summary>
    /// <param name="call">A call of this connection.</param>
    internal static MgGraphTransport? TransportOf(ICall call) => (call as TransportCall)?.Transport as MgGraphTransport;

    /// <summary>Starts to get a token for scopes of one service; without any, for Graph. It is not for the session of another module.</summary>
    /// <param name="scopes">The scopes.</param>
    /// <param name="refresh">Whether it signs in anew.</param>
    /// <exception cref="AgentUserException">The scopes are invalid.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    internal ICall StartToken(IEnumerable<string> scopes, bool refresh) => PumpedCall.StartToken(
        _client!, JsonValue.ObjectOf(("scopes", JsonValue.Array(scopes)), ("refresh", refresh)), IntPtr.Zero, 0);

    /// <summary>
    /// Meets a demand of a call. It must run on the pipeline thread, because it may run a script block and shows what a person must see.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that waits.</param>
    /// <param name="demand">The demand.</param>
    /// <param name="ended">Cancelled when the call has ended.</param>
    /// <returns>Ends when it is met, or with the reason why it is not. Only a browser that is being opened takes its time.</returns>
    internal Task MeetAsync(PSCmdlet cmdlet, Demand demand, CancellationToken ended)
    {
        try
        {
            if (_host is not null)
                return MeetByHostAsync(cmdlet, _host, demand, ended);
            MeetByToken(demand);
            return Task.CompletedTask;
        }
        // An exception of a callback ends this call alone, and is told.
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    /// <summary>Forgets the tokens that are kept in memory. It revokes nothing.</summary>
    internal void SignOut()
    {
        if (!IsClosed)
            _client?.SignOut();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _client?.Dispose();
        _session?.Dispose();
        _certificate?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Name ?? Graph;

    private async Task MeetByHostAsync(PSCmdlet cmdlet, SignInHost host, Demand demand, CancellationToken ended)
    {
        if (await PersonPrompt.MeetAsync(cmdlet, host, demand, ended).ConfigureAwait(false) is { } answer)
            _client!.Answer(demand.Id, answer);
    }

    private void MeetByToken(Demand demand)
    {
        if (_token is not { IsRenewable: true })
        {
            throw new TokenBlockException(
                "The access token has expired or was refused, and a token given as a SecureString can't be renewed. "
                + "Connect again, with a new token or with a script block that gets one.");
        }
        object token = _token.Run(_given.RequestOf(demand));
        if (token is SecureString secure)
            SecureText.Use(secure, Answer);
        else
            Cleared((string)token, Answer);

        bool Answer(byte[] bytes)
        {
            _given.Keep(demand, bytes);
            _client!.Answer(demand.Id, new DemandAnswer(bytes));
            return true;
        }
    }

    /// <summary>Meets a demand of a call of completion: by the script block for tokens, which needs no person.</summary>
    private bool IsMetQuietly(Demand demand)
    {
        if (_host is not null || _token is not { IsRenewable: true })
            return false;
        var errors = PSObject.AsPSObject(s_errors.InvokeReturnAsIs()).BaseObject as ArrayList;
        object[] before = errors?.ToArray() ?? [];
        try
        {
            MeetByToken(demand);
            return true;
        }
        // The next cmdlet tells what is wrong with the block. A key press leaves nothing in $Error.
        catch (Exception error) when (error is RuntimeException or TokenBlockException)
        {
            errors?.Clear();
            errors?.AddRange(before);
            return false;
        }
    }

    private static void SetToken(NativeClient client, SecureString token) => SecureText.Use(token, bytes =>
    {
        client.SetToken(bytes, 0);
        return true;
    });

    /// <summary>Runs a function on the text in UTF-8, which is cleared afterwards.</summary>
    private static void Cleared(string text, Func<byte[], bool> use)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        try
        {
            use(bytes);
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
        }
    }
}
