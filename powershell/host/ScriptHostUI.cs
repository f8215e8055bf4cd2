using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AgentUsers.PowerShell.Host;

/// <summary>Writes text to the writers and keeps progress and questions.</summary>
public sealed class ScriptHostUI : PSHostUserInterface
{
    private readonly TextWriter _output;
    private readonly TextWriter _error;

    internal ScriptHostUI(TextWriter output, TextWriter error) => (_output, _error) = (output, error);

    /// <summary>Every progress record, in order.</summary>
    public ConcurrentQueue<ProgressRecord> Progress { get; } = new();

    /// <summary>Every question that was asked.</summary>
    public ConcurrentQueue<string> Questions { get; } = new();

    /// <summary>The labels of the answers to give, such as <c>&amp;Yes</c>. A question without an answer is an error.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    public override PSHostRawUserInterface RawUI { get; } = new Screen();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Questions.Enqueue(message);
        if (!Answers.TryDequeue(out var label))
            throw new HostException("Nobody is there to answer: " + message);
        var choice = choices.ToList().FindIndex(each => each.Label == label);
        return choice >= 0 ? choice : throw new HostException("There is no such answer: " + label);
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Questions.Enqueue(message);
        throw new HostException("Nobody is there to answer: " + message);
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
        => throw new HostException("Nobody is there to sign in");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowed, PSCredentialUIOptions options)
        => throw new HostException("Nobody is there to sign in");

    public override string ReadLine() => throw new HostException("Nobody is there to answer");
    public override SecureString ReadLineAsSecureString() => throw new HostException("Nobody is there to answer");

    public override void Write(string value) => _output.Write(value);
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => _output.Write(value);
    public override void WriteLine(string value) => _output.WriteLine(value);
    public override void WriteErrorLine(string value) => _error.WriteLine(value);
    public override void WriteDebugLine(string message) => _error.WriteLine("DEBUG: " + message);
    public override void WriteVerboseLine(string message) => _error.WriteLine("VERBOSE: " + message);
    public override void WriteWarningLine(string message) => _error.WriteLine("WARNING: " + message);
    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Enqueue(record);

    /// <summary>A screen of 120 columns, which tables need.</summary>
    private sealed class Screen : PSHostRawUserInterface
    {
        public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;
        public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.White;
        public override Size BufferSize { get; set; } = new(120, 50);
        public override Size WindowSize { get; set; } = new(120, 50);
        public override Size MaxPhysicalWindowSize => new(120, 50);
        public override Size MaxWindowSize => new(120, 50);
        public override Coordinates CursorPosition { get; set; }
        public override Coordinates WindowPosition { get; set; }
        public override int CursorSize { get; set; } = 25;
        public override bool KeyAvailable => false;
        public override string WindowTitle { get; set; } = "";

        public override void FlushInputBuffer() { }
        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();
        public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();
        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
            => throw new NotSupportedException();
        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();
        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new NotSupportedException();
    }
}
