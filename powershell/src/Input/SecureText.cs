using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Text of a SecureString as UTF-8, zeroed when it was used.</summary>
internal static class SecureText
{
    /// <summary>Uses the text; every copy that is made here is zeroed before it returns.</summary>
    internal static unsafe T Use<T>(SecureString secret, Func<byte[], T> use)
    {
        IntPtr text = Marshal.SecureStringToGlobalAllocUnicode(secret);
        byte[]? bytes = null;
        try
        {
            int count = Encoding.UTF8.GetByteCount((char*)text, secret.Length);
            bytes = new byte[count];
            // Pinned while it is in use, so that the collector leaves no copy of it behind.
            fixed (byte* first = bytes)
            {
                Encoding.UTF8.GetBytes((char*)text, secret.Length, first, count);
                return use(bytes);
            }
        }
        finally
        {
            if (bytes is not null)
                Array.Clear(bytes, 0, bytes.Length);
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }
}
