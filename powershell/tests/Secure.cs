using System.Management.Automation;
using System.Security;

namespace AgentUsers.PowerShell.Tests;

internal static class Secure
{
    public static SecureString Text(string text)
    {
        var secure = new SecureString();
        text.ToList().ForEach(secure.AppendChar);
        return secure;
    }

    public static PSCredential Credential(string name, string password) => new(name, Text(password));
}
