using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Answers the first request with a page that has a next link, and never answers the request for that.</summary>
internal sealed class HoldingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    public HoldingServer()
    {
        _listener.Start();
        Root = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = Accept();
    }

    public Uri Root { get; }

    /// <summary>Completes when the second request has come.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when the client has closed the connection.</summary>
    public Task Left => _left.Task;

    public void Dispose() => _listener.Stop();

    private async Task Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Serve(socket);
        }
    }

    private async Task Serve(Socket socket)
    {
        using var _ = socket;
        var buffer = new byte[65536];
        var seen = new StringBuilder();
        bool waits = false;
        while (true)
        {
            int read = await Read(socket, buffer);
            if (read == 0)
            {
                if (waits)
                    _left.TrySetResult();
                return;
            }
            seen.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (!seen.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                continue;
            seen.Clear();
            if (Interlocked.Increment(ref _requests) == 1)
            {
                string page = $$"""{"@odata.nextLink":"{{Root}}v1.0/users/microsoft.graph.agentUser?$skiptoken=2","value":[{"id":"{{Guid.NewGuid()}}","userPrincipalName":"first@contoso.com"},{"id":"{{Guid.NewGuid()}}","userPrincipalName":"second@contoso.com"}]}""";
                await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {page.Length}\r\n\r\n{page}"));
            }
            else
            {
                waits = true;
                _asked.TrySetResult();
            }
        }
    }

    private static async Task<int> Read(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            return 0; // A reset closes the connection, too.
        }
    }
}
