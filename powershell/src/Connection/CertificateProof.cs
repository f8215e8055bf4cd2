using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Makes the proof of a certificate: of an object, of a certificate store, of a file.</summary>
internal sealed class CertificateProof
{
    /// <summary>EphemeralKeySet, which .NET Standard 2.0 has no name for: the key is in no store of keys. macOS can't do that.</summary>
    private const X509KeyStorageFlags InMemory = (X509KeyStorageFlags)32;

    /// <summary>The most bytes of a file.</summary>
    private const int MostBytes = 1024 * 1024;

    private CertificateProof(Proof proof, IDisposable? opened = null)
    {
        Proof = proof;
        Opened = opened;
    }

    /// <summary>The proof.</summary>
    internal Proof Proof { get; }

    /// <summary>The certificate that was opened, to be disposed of with the connection; null if it is the caller's, or not kept.</summary>
    internal IDisposable? Opened { get; }

    /// <summary>The proof of a certificate whose key signs where it is.</summary>
    /// <exception cref="ProofException">It has no private RSA key.</exception>
    internal static CertificateProof Of(X509Certificate2 certificate, bool sendChain) => new(Signed(certificate, sendChain));

    /// <summary>The proof of a certificate of the current user's or the machine's store, which is <c>Cert:\</c> on Windows.</summary>
    /// <exception cref="ProofException">There is none with that thumbprint, or it has no private RSA key.</exception>
    internal static CertificateProof OfThumbprint(string thumbprint, bool sendChain)
    {
        // The thumbprint that Windows shows, and copies, has blanks, and a mark of direction before it.
        string digits = new([.. thumbprint.Where(Uri.IsHexDigit)]);
        if (digits.Length != 40 || thumbprint.Any(character => char.IsLetterOrDigit(character) && !Uri.IsHexDigit(character)))
        {
            throw new ProofException(
                RuleCodes.NotUsable, "It is not a thumbprint.", @"Give the 40 hexadecimal digits that Get-ChildItem Cert:\CurrentUser\My shows.");
        }
        X509Certificate2 certificate = new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine }.Select(location => Find(location, digits)).FirstOrDefault(found => found is not null)
            ?? throw new ProofException(
                ProblemCodes.CertificateUnusable, $"No certificate with the thumbprint {digits} is in the stores My of the current user and of the machine.",
                "Import it with its private key, or give -CertificatePath.");
        return Owned(certificate, sendChain);
    }

    /// <summary>The proof of a file: a PFX, which .NET opens, or a PEM, which the library reads.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="password">The password of a PFX; null for none.</param>
    /// <param name="sendChain">Whether the certificate goes along.</param>
    /// <exception cref="ProofException">It can't be read or used.</exception>
    internal static CertificateProof OfFile(string path, SecureString? password, bool sendChain)
    {
        byte[] content = Read(path);
        if (IsPem(content))
        {
            if (password is null)
                return new CertificateProof(Proof.Certificate(() => content, sendChain));
            Array.Clear(content, 0, content.Length);
            throw new ProofException(
                ProblemCodes.CertificateUnusable, $"{path} is a PEM file, and only PFX files are opened by a password.",
                "Leave out -CertificatePassword, if the key in the file has none; or give a PFX file.");
        }
        try
        {
            X509KeyStorageFlags flags = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? X509KeyStorageFlags.DefaultKeySet : InMemory;
            return Owned(new X509Certificate2(content, password ?? new SecureString(), flags), sendChain);
        }
        // An empty file is an argument that is out of place for .NET.
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new ProofException(
                ProblemCodes.CertificateUnusable, $"{path} can't be opened {(password is null ? "without a password" : "by this password")}: {error.Message}",
                "Check -CertificatePassword, and that the file is a PFX (PKCS#12) or a PEM with certificate and private key.");
        }
        finally
        {
            Array.Clear(content, 0, content.Length);
        }
    }

    /// <summary>Looks at the bytes, because a text of the key would stay in memory.</summary>
    private static bool IsPem(byte[] content)
    {
        byte[] mark = Encoding.ASCII.GetBytes("-----BEGIN ");
        for (int at = 0; at <= content.Length - mark.Length; at++)
        {
            int same = 0;
            while (same < mark.Length && content[at + same] == mark[same])
                same++;
            if (same == mark.Length)
                return true;
        }
        return false;
    }

    private static byte[] Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            // By one more, because a file of a device has no length.
            byte[] content = new byte[MostBytes + 1];
            int length = 0;
            while (length < content.Length && file.Read(content, length, content.Length - length) is > 0 and int read)
                length += read;
            if (length > MostBytes)
            {
                Array.Clear(content, 0, content.Length);
                throw new ProofException(
                    ProblemCodes.CertificateUnusable, $"{path} has more than {MostBytes / 1024 / 1024} MiB, which no certificate has.",
                    "Give a PFX (PKCS#12) or a PEM with certificate and private key.");
            }
            byte[] whole = new byte[length];
            Array.Copy(content, whole, length);
            Array.Clear(content, 0, content.Length);
            return whole;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string message = error is FileNotFoundException or DirectoryNotFoundException ? $"There is no file {path}." : $"{path} can't be read: {error.Message}";
            throw new ProofException(ProblemCodes.CertificateUnusable, message, "Check the path, the current location, and who may read the file.");
        }
    }

    private static X509Certificate2? Find(StoreLocation location, string thumbprint)
    {
        try
        {
            using var store = new X509Store(StoreName.My, location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false).Cast<X509Certificate2>().FirstOrDefault();
        }
        catch (CryptographicException)
        {
            // This user, or this system, has no such store.
            return null;
        }
    }

    private static CertificateProof Owned(X509Certificate2 certificate, bool sendChain)
    {
        try
        {
            return new CertificateProof(Signed(certificate, sendChain), certificate);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    private static Proof Signed(X509Certificate2 certificate, bool sendChain)
    {
        try
        {
            return Proof.Certificate(certificate, sendChain);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new ProofException(
                ProblemCodes.CertificateUnusable, "The certificate has no private RSA key that this user may use.",
                "Give a certificate with its private RSA key.");
        }
    }
}

/// <summary>A proof can't be made of what was given, which is a fault of its parameter.</summary>
internal sealed class ProofException(string code, string message, string fix) : Exception(message)
{
    internal string Code { get; } = code;

    internal string Fix { get; } = fix;

}
