using System;

namespace AgentUsers;

/// <summary>The code that a person types into a browser, on any machine, to sign in.</summary>
public sealed class DeviceCode
{
    private DeviceCode(Demand demand)
    {
        UserCode = demand.Text("userCode") ?? "";
        VerificationUri = new Uri(demand.Text("verificationUri") ?? "");
        Message = demand.Text("message") ?? $"To sign in, open {VerificationUri.OriginalString} in a browser and type the code {UserCode}.";
        ExpiresIn = TimeSpan.FromSeconds(demand.Number("expiresInS"));
    }

    /// <summary>The code.</summary>
    public string UserCode { get; }

    /// <summary>Where the code is typed.</summary>
    public Uri VerificationUri { get; }

    /// <summary>A sentence for the person, with the code and the address.</summary>
    public string Message { get; }

    /// <summary>How long the code can be typed.</summary>
    public TimeSpan ExpiresIn { get; }

    /// <summary>The sentence for the person.</summary>
    /// <returns><see cref="Message"/>.</returns>
    public override string ToString() => Message;

    internal static DeviceCode From(Demand demand) => new(demand);
}
