using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace AgentUsers.Tests;

/// <summary>A web server inside the test.</summary>
internal abstract class Server : IDisposable
{
    private readonly HttpListener _listener = new();

    protected Server()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        }
        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    internal Uri Endpoint { get; }

    public void Dispose() => _listener.Close();

    protected abstract (int Status, IEnumerable<KeyValuePair<string, string>> Headers, string Body) Answer(HttpListenerRequest request, string body);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                (int status, IEnumerable<KeyValuePair<string, string>> headers, string body) = Answer(context.Request, await reader.ReadToEndAsync());
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                foreach (KeyValuePair<string, string> header in headers)
                    context.Response.AddHeader(header.Key, header.Value);
                if (body.Length > 0)
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}

/// <summary>A Graph that answers every request with the same body.</summary>
internal sealed class FakeGraph(string body) : Server
{
    internal AgentUserClient Client() => new(new AgentUserClientOptions
    {
        GraphEndpoint = Endpoint,
        TokenProvider = (_, _) => Task.FromResult(new GraphToken("any")),
    });

    protected override (int Status, IEnumerable<KeyValuePair<string, string>> Headers, string Body) Answer(HttpListenerRequest request, string sent) => (200, [], body);
}
