using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Answers each request of a case's exchange once, and records every other request.</summary>
internal sealed class ExchangeServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<JsonNode> _left;
    private readonly List<string> _unexpected = [];

    public ExchangeServer(JsonArray? exchange)
    {
        _left = [.. (exchange ?? []).Select(entry => entry!)];
        Root = Listen();
        _ = Answer();
    }

    public Uri Root { get; }

    /// <summary>Asserts that every request came, and no other.</summary>
    public void Check()
    {
        lock (_left)
        {
            Assert.Empty(_unexpected);
            Assert.Empty(_left.Select(entry => $"{entry["method"]} {entry["url"]}"));
        }
    }

    public void Dispose() => _listener.Close();

    private Uri Listen()
    {
        // HttpListener can't choose a free port.
        for (int port = 20000 + (Environment.ProcessId % 10000); ; port++)
        {
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                _listener.Start();
                return new Uri($"http://127.0.0.1:{port}");
            }
            catch (HttpListenerException) when (port < ushort.MaxValue)
            {
                // The port is taken; the next one may be free.
            }
        }
    }

    private async Task Answer()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            string body = await new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadToEndAsync();
            JsonNode answer = Take(context.Request, body);
            context.Response.StatusCode = (int)answer["status"]!;
            foreach (JsonNode? header in answer["headers"]?.AsArray() ?? [])
                context.Response.AddHeader((string)header![0]!, (string)header[1]!);
            if (answer["body"] is { } content)
            {
                context.Response.ContentType = "application/json";
                string text = content.ToJsonString().Replace("{root}", Root + "v1.0", StringComparison.Ordinal);
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            }
            context.Response.Close();
        }
    }

    private JsonNode Take(HttpListenerRequest request, string body)
    {
        string came = $"{request.HttpMethod} {request.RawUrl!["/v1.0".Length..]}";
        lock (_left)
        {
            JsonNode? entry = _left.FirstOrDefault(each =>
                came == $"{each["method"]} {each["url"]}" && (each["body"] is null || JsonNode.DeepEquals(each["body"], JsonNode.Parse(body))));
            if (entry is null)
            {
                _unexpected.Add($"{came} {body}");
                return new JsonObject { ["status"] = 418 };
            }
            _left.Remove(entry);
            return entry["answer"]!;
        }
    }
}
