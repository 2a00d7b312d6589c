using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Harness;

/// <summary>Everything that decides a trial's result, and nothing else: its identity is the hash of this record.</summary>
public sealed record TrialSpec(
    LossOptions Loss,
    BackboneOptions Backbone,
    int Resolution,
    SourceOptions Data,
    IReadOnlyList<ProtocolOptions> Tests,
    TrainingOptions Training,
    int Seed)
{
    /// <summary>Twelve hexadecimal digits of the SHA-256 of the specification as JSON.</summary>
    public string Id() => IdOf(SpecJson.Write(this));

    /// <summary>The id by the rule of earlier versions, which kept a path as the suite wrote it: "./faces" was another trial than
    /// "faces".</summary>
    public string EarlierId() => IdOf(SpecJson.WriteEarlier(this));

    /// <summary>The id of a specification by its text.</summary>
    public static string IdOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
}
