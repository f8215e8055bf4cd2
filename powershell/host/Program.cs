using AgentUsers.PowerShell.Host;

switch (args)
{
    case ["run", var script, .. var arguments]:
        return ScriptSession.Run(new ScriptHost(Console.Out, Console.Error), script, arguments);
    case ["measure", var module]:
        return Measurement.Run(module);
    case ["help", var module, var comments, var file]:
        File.WriteAllText(file, HelpFile.Write(Path.GetFullPath(module), comments));
        return 0;
    case ["once", .. var what]:
        return Measurement.Once(what);
    default:
        Console.Error.WriteLine("run SCRIPT ARGUMENT…        runs a script in the PowerShell engine");
        Console.Error.WriteLine("measure MODULE              measures what importing the module folder costs");
        Console.Error.WriteLine("help MODULE COMMENTS FILE   writes the module's help from its sources' comments");
        return 2;
}
