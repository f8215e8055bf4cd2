using System;
using System.Management.Automation;
using System.Security;

namespace AgentUsers.PowerShell;

/// <summary>A connection to Microsoft Graph. It may be used in several runspaces at once.</summary>
public sealed class AgentUserConnection : IDisposable
{
    private readonly NativeClient? _client;
    private readonly NativeSession? _session;
    private readonly AccessTokenSource? _token;

    private AgentUserConnection(NativeClient client, AccessTokenSource? token, string graph, string signIn)
    {
        _client = client;
        _token = token;
        Graph = graph;
        SignIn = signIn;
    }

    private AgentUserConnection(NativeSession session, MgGraphSession mgGraph)
    {
        _session = session;
        MgGraph = mgGraph;
        Graph = mgGraph.Environment;
        SignIn = "MgGraph";
    }

    /// <summary>The cloud's name, or the Graph endpoint that was given in its place.</summary>
    public string Graph { get; }

    /// <summary>The kind of sign-in: <c>SecureString</c>, <c>ScriptBlock</c>, <c>ClientSecret</c>, <c>Identity</c> or <c>MgGraph</c>.</summary>
    public string SignIn { get; }

    /// <summary>The session of Connect-MgGraph that it uses; null if it has a sign-in of its own.</summary>
    internal MgGraphSession? MgGraph { get; }

    /// <summary>Whether it was disconnected.</summary>
    public bool IsClosed { get; private set; }

    /// <exception cref="AgentUserException">The options are invalid.</exception>
    internal static AgentUserConnection Open(AgentUserClientOptions options, AccessTokenSource token, string graph)
    {
        var client = new NativeClient(options);
        try
        {
            if (token.Fixed is not null)
                SetToken(client, token.Fixed);
            return new AgentUserConnection(client, token, graph, token.ToString());
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <exception cref="AgentUserException">The options are invalid.</exception>
    internal static AgentUserConnection Open(AgentUserClientOptions options, string graph, string signIn) =>
        new(new NativeClient(options), null, graph, signIn);

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

    /// <summary>
    /// Meets the demand of a call for a token. It must run on the pipeline thread, because it may run a script block.
    /// </summary>
    /// <returns>The reason why there is no token; null if there is one.</returns>
    internal Exception? Meet(Demand demand)
    {
        NativeClient client = _client!;
        if (demand.Kind != "token")
            return new TokenBlockException("This module does not meet what the sign-in asks for.");
        if (_token is not { IsRenewable: true })
        {
            return new TokenBlockException(
                "The access token has expired or was refused, and a token given as a SecureString can't be renewed. "
                + "Connect again, with a new token or with a script block that gets one.");
        }
        try
        {
            object token = _token.Run(TokenRequest.From(demand));
            if (token is SecureString secure)
                SecureText.Use(secure, Answer);
            else
                Cleared((string)token, Answer);
            return null;

            bool Answer(byte[] bytes)
            {
                client.Answer(demand.Id, new DemandAnswer(bytes));
                return true;
            }
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (Exception error) when (error is RuntimeException or TokenBlockException or AgentUserException)
        {
            return error;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _client?.Dispose();
        _session?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Graph;

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
