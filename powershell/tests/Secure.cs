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
}
