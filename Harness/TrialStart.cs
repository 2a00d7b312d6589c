using System.Security.Cryptography;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Harness.Weights;
using static TorchSharp.torch;

namespace Ablation.Harness;

/// <summary>Gives a network the weights that <see cref="BackboneOptions.Init"/> names, and freezes what must not be trained.</summary>
public static class TrialStart
{
    /// <summary>Changes the network in place, on the CPU.</summary>
    /// <exception cref="DataProblem">The weights are missing, damaged, other ones, or do not fit the network.</exception>
    /// <exception cref="ArgumentException">
    /// A prefix of <see cref="BackboneOptions.Frozen"/> names nothing, or everything is frozen.
    /// </exception>
    public static void Apply(Backbone backbone, BackboneOptions options, DataRoot data)
    {
        if (options.Init is { } init) Fill(backbone, options, init, FileOf(init, data));
        if (options.Frozen is { } prefixes) backbone.Freeze(prefixes);
    }

    /// <summary>Returns what is wrong with the start of these options; null if nothing is.</summary>
    public static string? Problem(BackboneOptions options, int resolution, DataRoot data)
    {
        if (options is { Init: null, Frozen: null }) return null;
        try
        {
            using var backbone = options.Build(resolution);
            Apply(backbone, options, data);
            return null;
        }
        catch (Exception e) when (e is DataProblem or ArgumentException)
        {
            return e.Message;
        }
    }

    private static string FileOf(InitOptions init, DataRoot data)
    {
        var path = data.Resolve(init.From);
        if (Directory.Exists(path)) path = Path.Combine(path, TrialWeights.FileName);
        return File.Exists(path) ? path
            : throw new DataProblem(path, "the weights of init are not there", "check from of init; relative paths start at --data");
    }

    private static void Fill(Backbone backbone, BackboneOptions options, InitOptions init, string path)
    {
        try
        {
            var hash = Hash(path);
            if (hash != init.Sha256)
                throw new DataProblem(path, $"its SHA-256 is {hash}, init has {init.Sha256}",
                    "write the former as sha256 of init if this is the file that you mean");
            if (Path.GetExtension(path) == Path.GetExtension(TrialWeights.FileName)) OfTrial(backbone, Checkpoint.Open(path));
            else
            {
                using var file = TensorSet.Open(path);
                WeightLoader.Load(backbone, options, file);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DataProblem(path, e.Message, "give the weights of a finished trial with this network", e);
        }

        if (init.Colour == ColourOrder.Bgr) ExchangeColours(backbone);
    }

    /// <summary>Copies the network of a trial, which must have no layer more either: a longer network holds all names of a shorter one.
    /// </summary>
    private static void OfTrial(Backbone backbone, Checkpoint stored)
    {
        var own = Checkpoint.List(backbone, "backbone").Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var surplus = stored.Header.Tensors.Select(tensor => tensor.Name)
            .Where(name => name.StartsWith("backbone.", StringComparison.Ordinal) && !own.Contains(name)).ToList();
        if (surplus.Count > 0)
            throw new InvalidDataException($"it is of another network: {surplus.Count} tensors that this one lacks, such as {surplus[0]}");
        stored.CopyTo(backbone, "backbone");
    }

    /// <summary>A first convolution of exchanged channels gives, of RGB, what it gave of BGR.</summary>
    private static void ExchangeColours(Backbone backbone)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var first = backbone.named_parameters().Select(one => one.parameter).First(weight => weight.dim() == 4 && weight.shape[1] == 3);
        first.copy_(first.flip(1));
    }

    private static string Hash(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
