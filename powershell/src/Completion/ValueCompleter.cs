using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AgentUsers.PowerShell;

/// <summary>
/// Completes the values of a parameter. Where there are none it offers nothing, and keeps the engine from offering the files of the
/// folder. It never fails: a completer that throws is not seen, and what it knows is lost.
/// </summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    /// <summary>Offers the values that begin with what was typed.</summary>
    /// <param name="commandName">The cmdlet.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">The typed text, with its quotes.</param>
    /// <param name="commandAst">The command.</param>
    /// <param name="fakeBoundParameters">The parameters that were typed before.</param>
    /// <returns>The values.</returns>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            string typed = (wordToComplete ?? "").Trim('\'', '"');
            return [.. Offer(typed, fakeBoundParameters).Select(value => new CompletionResult(
                value.IsCode ? value.Text : Plain.Quoted(value.Text), value.Shown ?? value.Text, CompletionResultType.ParameterValue, value.Tip ?? value.Text))];
        }
        // After any exception, the next key press is the user's again.
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>The values that fit.</summary>
    /// <param name="typed">The typed text, without quotes.</param>
    /// <param name="bound">The parameters that were typed before.</param>
    private protected abstract IEnumerable<Value> Offer(string typed, IDictionary bound);

    /// <summary>Whether a text begins so, in whatever letter case.</summary>
    private protected static bool Begins(string? text, string typed) => text?.StartsWith(typed, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The texts of a parameter that was typed before.</summary>
    private protected static IEnumerable<string> Texts(IDictionary bound, params string[] parameters)
    {
        foreach (string parameter in parameters)
        {
            object? given = bound[parameter] is PSObject wrapped ? wrapped.BaseObject : bound[parameter];
            if (given is string text)
                yield return text;
            else if (given is IEnumerable many)
            {
                foreach (object item in many)
                    yield return item.ToString()!;
            }
        }
    }

    /// <summary>A value.</summary>
    /// <param name="Text">The text to insert.</param>
    /// <param name="Tip">Its meaning.</param>
    /// <param name="Shown">The text in menus, in its place.</param>
    /// <param name="IsCode">Whether it is an expression, which is never quoted.</param>
    private protected sealed record Value(string Text, string? Tip = null, string? Shown = null, bool IsCode = false)
    {
        /// <summary>An object that is found by its display name and inserted by its id.</summary>
        internal static Value ById(string id, string? name) => new(id, $"{name} ({id})", name);
    }
}

/// <summary>Offers nothing, where only the user knows the value.</summary>
public sealed class NoValueCompleter : ValueCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) => [];
}
