using AgentUsers.PowerShell.Host;

switch (args)
{
    case ["run", var script, .. var arguments]:
        return ScriptSession.Run(new ScriptHost(Console.Out, Console.Error), script, arguments);
    case ["help", var module, var comments, var file]:
        File.WriteAllText(file, HelpFile.Write(Path.GetFullPath(module), comments));
        return 0;
    case ["format", var file]:
        File.WriteAllText(file, FormatFile.Write());
        return 0;
    default:
        Console.Error.WriteLine("run SCRIPT ARGUMENT…        runs a script in the PowerShell engine");
        Console.Error.WriteLine("help MODULE COMMENTS FILE   writes the module's help from its sources' comments");
        Console.Error.WriteLine("format FILE                 writes the module's views from their table");
        return 2;
}
