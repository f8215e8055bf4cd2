using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Lends the text of a SecureString as UTF-8, which is zeroed after use.</summary>
internal static class SecureText
{
    /// <summary>Calls <paramref name="use"/> with the text. Every copy made here is zeroed before this returns.</summary>
    internal static unsafe T Use<T>(SecureString secret, Func<byte[], T> use)
    {
        IntPtr text = Marshal.SecureStringToGlobalAllocUnicode(secret);
        byte[]? bytes = null;
        try
        {
            int count = Encoding.UTF8.GetByteCount((char*)text, secret.Length);
            bytes = new byte[count];
            // Pinned, so that the garbage collector leaves no copy behind.
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
