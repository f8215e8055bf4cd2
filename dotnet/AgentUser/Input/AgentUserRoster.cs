using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// A roster, CSV or JSON, wherever it comes from: bytes, a file and a stream convert to it by themselves, and so does an array or a
/// list of rows.
/// </summary>
public sealed class AgentUserRoster
{
    private readonly Func<int?, CancellationToken, Task<byte[]>> _read;

    private AgentUserRoster(Func<int?, CancellationToken, Task<byte[]>> read) => _read = read;

    /// <summary>A roster from the content of a file.</summary>
    /// <param name="content">CSV or JSON.</param>
    /// <returns>The roster.</returns>
    public static AgentUserRoster FromBytes(byte[] content)
    {
        if (content is null)
            throw new ArgumentNullException(nameof(content));
        return new((_, _) => Task.FromResult(content));
    }

    /// <summary>A roster from text.</summary>
    /// <param name="text">CSV or JSON.</param>
    /// <returns>The roster.</returns>
    public static AgentUserRoster FromText(string text) => FromBytes(JsonWriter.ToUtf8(text ?? throw new ArgumentNullException(nameof(text))));

    /// <summary>A roster from a file, which is read when the call begins.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The roster.</returns>
    public static AgentUserRoster FromFile(string path)
    {
        if (path is null)
            throw new ArgumentNullException(nameof(path));
        return new(async (maxBytes, cancellationToken) =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, useAsync: true);
            return await ReadAsync(file, maxBytes, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>A roster from a stream, which is read to its end when the call begins, and not closed.</summary>
    /// <param name="stream">CSV or JSON.</param>
    /// <returns>The roster.</returns>
    public static AgentUserRoster FromStream(Stream stream)
    {
        if (stream is null)
            throw new ArgumentNullException(nameof(stream));
        return new((maxBytes, cancellationToken) => ReadAsync(stream, maxBytes, cancellationToken));
    }

    /// <summary>A roster from rows. Errors and reports number them from 1.</summary>
    /// <param name="rows">The desired agent users.</param>
    /// <returns>The roster.</returns>
    public static AgentUserRoster FromRows(IEnumerable<AgentUserRow> rows)
    {
        if (rows is null)
            throw new ArgumentNullException(nameof(rows));
        return new((_, _) => Task.FromResult(JsonWriter.ToUtf8(JsonValue.Array(rows.Select(row => row.ToJson())).ToString())));
    }

    /// <summary>A roster from the content of a file.</summary>
    /// <param name="content">CSV or JSON.</param>
    public static implicit operator AgentUserRoster(byte[] content) => FromBytes(content);

    /// <summary>A roster from a stream.</summary>
    /// <param name="stream">CSV or JSON.</param>
    public static implicit operator AgentUserRoster(Stream stream) => FromStream(stream);

    /// <summary>A roster from a file.</summary>
    /// <param name="file">The file.</param>
    public static implicit operator AgentUserRoster(FileInfo file) => FromFile((file ?? throw new ArgumentNullException(nameof(file))).FullName);

    /// <summary>A roster from rows.</summary>
    /// <param name="rows">The desired agent users.</param>
    public static implicit operator AgentUserRoster(AgentUserRow[] rows) => FromRows(rows);

    /// <summary>A roster from rows.</summary>
    /// <param name="rows">The desired agent users.</param>
    public static implicit operator AgentUserRoster(List<AgentUserRow> rows) => FromRows(rows);

    /// <summary>The content. Where a bound is given, no more than one byte beyond it is read, and the native library refuses that.</summary>
    internal Task<byte[]> ReadAsync(int? maxBytes, CancellationToken cancellationToken) => _read(maxBytes, cancellationToken);

    private static async Task<byte[]> ReadAsync(Stream stream, int? maxBytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        long left = maxBytes is { } most ? most + 1L : long.MaxValue;
        while (left > 0)
        {
            int got = await stream.ReadAsync(buffer, 0, (int)Math.Min(left, buffer.Length), cancellationToken).ConfigureAwait(false);
            if (got == 0)
                break;
            content.Write(buffer, 0, got);
            left -= got;
        }
        return content.ToArray();
    }
}
