using System.Security.Cryptography;
using Ablation.Harness.Protocols;
using Ablation.Harness.Protocols.Ijb;

namespace Ablation.Tests.Protocols.Ijb;

/// <summary>All content that a test read from its files.</summary>
internal static class Content
{
    public static string Of(IjbTest test)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var design = new DesignHash(hash);
        test.Describe(design);
        for (var image = 0; image < test.ImageCount; image++) design.Add(test.ImageName(image) + "\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
