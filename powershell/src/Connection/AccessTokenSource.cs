using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers.PowerShell;

/// <summary>
/// The source of an access token, of a connection's or of the person on whose behalf it acts: a SecureString, which can't be renewed, or a script block.
/// </summary>
public sealed class AccessTokenSource
{
    private readonly SecureString? _token;
    private readonly ScriptBlock? _block;
    private readonly Guid _runspace;

    /// <summary>Makes a source of one token, which can't be renewed.</summary>
    /// <param name="token">The token.</param>
    public AccessTokenSource(SecureString token) => _token = token;

    /// <summary>Makes a source that runs a script block whenever a token is needed.</summary>
    /// <param name="block">The block. It returns a string or a SecureString.</param>
    public AccessTokenSource(ScriptBlock block)
    {
        _block = block;
        _runspace = CurrentRunspace();
    }

    /// <summary>Whether it is a script block.</summary>
    public bool IsRenewable => _block is not null;

    /// <summary>The fixed token; null if the source is a script block.</summary>
    internal SecureString? Fixed => _token;

    /// <summary>Runs the block on this thread, which must be the pipeline's.</summary>
    /// <param name="request">The token that is needed, which is the block's only argument.</param>
    /// <returns>A string or a SecureString.</returns>
    /// <exception cref="TokenBlockException">The block returned something else.</exception>
    /// <exception cref="RuntimeException">The block failed.</exception>
    internal object Run(object request)
    {
        ScriptBlock block = _block!;
        // A block is bound to the runspace it was written in, with its module and its closure. In another runspace only
        // its text can run.
        if (_runspace != CurrentRunspace())
            block = ((System.Management.Automation.Language.ScriptBlockAst)block.Ast).GetScriptBlock();
        System.Collections.ObjectModel.Collection<PSObject> output = block.Invoke(request);
        if (output.Count != 1)
        {
            throw new TokenBlockException(
                $"The access token script block returned {output.Count} values. Return one string or SecureString and nothing else.");
        }
        object? value = output[0]?.BaseObject;
        return value switch
        {
            string { Length: > 0 } => value,
            SecureString { Length: > 0 } => value,
            string or SecureString => throw new TokenBlockException("The access token script block returned an empty token. Return a token."),
            _ => throw new TokenBlockException(
                $"The access token script block returned {value?.GetType().FullName ?? "null"}. Return a string or a SecureString."),
        };
    }

    /// <summary>The token of a person on whose behalf an agent identity acts. It is called on the thread of the cmdlet that waits for the sign-in.</summary>
    /// <exception cref="TokenBlockException">The block returned something else, or the token can't bring the claims that a policy asks for.</exception>
    /// <exception cref="RuntimeException">The block failed.</exception>
    internal Task<string> OfPersonAsync(UserTokenRequest request, CancellationToken cancellationToken)
    {
        if (_token is not null && request.Claims is not null)
        {
            throw new TokenBlockException(
                "A policy asks for a new sign-in of the person, and a token given as a SecureString can't be renewed. "
                + "Connect again, with a script block for -UserToken that brings the request's Claims to that sign-in.");
        }
        object token = _token ?? Run(request);
        return Task.FromResult(token as string ?? new NetworkCredential("", (SecureString)token).Password);
    }

    /// <inheritdoc/>
    public override string ToString() => IsRenewable ? "ScriptBlock" : "SecureString";

    private static Guid CurrentRunspace() => Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;
}

/// <summary>A token script block did not return a token.</summary>
internal sealed class TokenBlockException(string message) : Exception(message);
