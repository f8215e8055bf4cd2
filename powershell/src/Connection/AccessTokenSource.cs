using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;

namespace AgentUsers.PowerShell;

/// <summary>
/// What a connection takes its access token from: a SecureString that stays as it is, or a script block.
/// </summary>
public sealed class AccessTokenSource
{
    private readonly SecureString? _token;
    private readonly ScriptBlock? _block;
    private readonly Guid _home;

    /// <summary>A token that can't be renewed.</summary>
    /// <param name="token">The token.</param>
    public AccessTokenSource(SecureString token) => _token = token;

    /// <summary>A script block that returns a token as a string or a SecureString, whenever one is needed.</summary>
    /// <param name="block">The block.</param>
    public AccessTokenSource(ScriptBlock block)
    {
        _block = block;
        _home = Here();
    }

    /// <summary>Whether it is a script block.</summary>
    public bool IsRenewable => _block is not null;

    /// <summary>The fixed token, where it is one.</summary>
    internal SecureString? Fixed => _token;

    /// <summary>Runs the block on this thread, which must be the pipeline's.</summary>
    /// <param name="request">What is asked for, as the block's only argument.</param>
    /// <returns>A string or a SecureString.</returns>
    /// <exception cref="TokenBlockException">It returned something else.</exception>
    /// <exception cref="RuntimeException">It failed.</exception>
    internal object Run(TokenRequest request)
    {
        ScriptBlock block = _block!;
        // A block belongs to the runspace it was written in. There it sees its module and its closure; anywhere else only
        // its text can run.
        if (_home != Here())
            block = ((System.Management.Automation.Language.ScriptBlockAst)block.Ast).GetScriptBlock();
        System.Collections.ObjectModel.Collection<PSObject> output = block.Invoke(request);
        if (output.Count != 1)
        {
            throw new TokenBlockException(
                $"The access token script block returned {output.Count} values. Let it return one string or SecureString and nothing else.");
        }
        object? value = output[0]?.BaseObject;
        return value switch
        {
            string { Length: > 0 } => value,
            SecureString { Length: > 0 } => value,
            string or SecureString => throw new TokenBlockException("The access token script block returned an empty token."),
            _ => throw new TokenBlockException(
                $"The access token script block returned {value?.GetType().FullName ?? "null"}. Let it return a string or a SecureString."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => IsRenewable ? "ScriptBlock" : "SecureString";

    private static Guid Here() => Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;
}

/// <summary>A token script block that returned no token.</summary>
internal sealed class TokenBlockException(string message) : Exception(message);
