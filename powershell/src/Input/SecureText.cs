using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Turns SecureStrings into UTF-8 and back. Copies are zeroed after use.</summary>
internal static class SecureText
{
    /// <summary>Lends the text to <paramref name="use"/>. Every copy made here is zeroed before this returns.</summary>
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

    /// <summary>The text in an array that the caller clears.</summary>
    internal static byte[] Copy(SecureString secret) => Use(secret, bytes => (byte[])bytes.Clone());

    /// <summary>Makes a SecureString of UTF-8, which is zeroed.</summary>
    internal static SecureString Take(byte[] text)
    {
        char[] characters = Encoding.UTF8.GetChars(text);
        try
        {
            var secret = new SecureString();
            foreach (char character in characters)
                secret.AppendChar(character);
            secret.MakeReadOnly();
            return secret;
        }
        finally
        {
            Array.Clear(characters, 0, characters.Length);
            Array.Clear(text, 0, text.Length);
        }
    }
}
