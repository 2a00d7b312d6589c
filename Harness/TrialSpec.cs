using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Harness;

/// <summary>Everything that a trial's result depends on, and nothing else: its identity is the hash of this record.</summary>
public sealed record TrialSpec(
    LossOptions Loss,
    BackboneOptions Backbone,
    int Resolution,
    SourceOptions Data,
    IReadOnlyList<ProtocolOptions> Tests,
    TrainingOptions Training,
    int Seed)
{
    /// <summary>
    /// Returns twelve hexadecimal digits of the SHA-256 of the specification as JSON, in which initial weights stand by their content,
    /// not by their path.
    /// </summary>
    public string Id() => IdOf(SpecJson.Write(this with { Backbone = Backbone.ByContent() }));

    /// <summary>Returns the id by the rule of earlier versions, which kept paths as written in the suite: "./faces" and "faces" were
    /// different trials.</summary>
    public string EarlierId() => IdOf(SpecJson.WriteEarlier(this with { Backbone = Backbone.ByContent() }));

    /// <summary>Returns the id of a specification from its JSON.</summary>
    public static string IdOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
}
