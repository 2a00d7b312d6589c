using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Harness.Weights;

/// <summary>What was loaded from a file.</summary>
/// <param name="Names">The naming of the file.</param>
/// <param name="Prefix">What stood before every name: "features.module.".</param>
/// <param name="Tensors">Number of tensors that the network took from the file.</param>
/// <param name="Notes">Conversions, constants and tensors beside the network, one line each.</param>
public sealed record LoadedWeights(string Names, string Prefix, int Tensors, IReadOnlyList<string> Notes);

/// <summary>
/// Loads a file's tensors into a network, strictly: every tensor of the network must be in the file, with its shape, and every tensor
/// behind the same prefix must belong to the network.
/// </summary>
public static class WeightLoader
{
    private const int MostNamed = 10;
    private const string Counter = "num_batches_tracked"; // of no use: every norm here has a momentum

    /// <summary>Builds the network for a file, in the layout of training and evaluation.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static (Backbone Network, LoadedWeights Loaded) Build(BackboneOptions options, int resolution, TensorSet file)
    {
        var network = options.Build(resolution);
        try
        {
            var loaded = Load(network, options, file);
            ChannelsLast.Apply(network);
            return (network, loaded);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Fills the network, which lies on the CPU.</summary>
    /// <exception cref="DataProblem">Keys are missing, too many or of another shape; or values are damaged, NaN or infinite.</exception>
    public static LoadedWeights Load(Backbone network, BackboneOptions options, TensorSet file)
    {
        var ours = Targets(network);
        var (names, prefix) = Naming(options, file);
        var places = names.Of(options, [.. ours.Keys]);
        var notes = Check(places, ours, names, prefix, options, file);
        var taken = 0;
        foreach (var place in places)
        {
            var target = ours[place.Ours];
            if (file.Find(prefix + place.Theirs) is null)
            {
                using var grad = no_grad();
                target.fill_(place.Constant!.Value);
                continue;
            }

            file.ReadInto(prefix + place.Theirs, target);
            CheckFinite(target, prefix + place.Theirs, file);
            taken++;
        }

        return new LoadedWeights(names.Name, prefix, taken, notes);
    }

    /// <summary>Returns the network's tensors by name, without counters of batches.</summary>
    internal static Dictionary<string, Tensor> Targets(Backbone network) =>
        network.named_parameters().Select(one => (one.name, Tensor: (Tensor)one.parameter))
            .Concat(network.named_buffers().Select(one => (one.name, Tensor: one.buffer)))
            .Where(one => !one.name.EndsWith(Counter, StringComparison.Ordinal))
            .ToDictionary(one => one.name, one => one.Tensor, StringComparer.Ordinal);

    /// <summary>Finds the naming of a file and the prefix of its names.</summary>
    private static (WeightNames Names, string Prefix) Naming(BackboneOptions options, TensorSet file)
    {
        var found = (from names in WeightNames.All
                     from anchor in names.Anchors
                     from tensor in file.Tensors
                     where tensor.Name.EndsWith(anchor, StringComparison.Ordinal)
                     let prefix = tensor.Name[..^anchor.Length]
                     where prefix.Length == 0 || prefix[^1] == '.'
                     select (Names: names, Prefix: prefix)).Distinct().ToList();
        var fitting = found.Where(one => one.Names.Suits(options)).ToList();
        if (fitting.Count == 1) return fitting[0];
        if (fitting.Count > 1)
            throw new DataProblem(file.Path,
                $"it holds several networks: {string.Join(", ", fitting.Select(one => $"{one.Names.Name} behind \"{one.Prefix}\""))}",
                "save the state dict of one of them");
        if (found.Count > 0)
            throw new DataProblem(file.Path, $"its tensors have the names of {found[0].Names.Name}, which has no such network",
                $"choose one of {string.Join(", ", found[0].Names.Networks.Keys)}");
        throw new DataProblem(file.Path,
            $"none of its {file.Tensors.Count} tensors has a known name; the first are {Listed(file.Tensors.Select(one => one.Name))}",
            $"known are the names of {string.Join(", ", WeightNames.All.Select(one => one.Name))}; rename the tensors, or run the " +
            "network as ONNX");
    }

    private static List<string> Check(IReadOnlyList<WeightPlace> places, Dictionary<string, Tensor> ours, WeightNames names, string prefix,
        BackboneOptions options, TensorSet file)
    {
        var known = places.Select(place => prefix + place.Theirs).ToHashSet(StringComparer.Ordinal);
        var missing = places.Where(place => place.Constant is null && file.Find(prefix + place.Theirs) is null)
            .Select(place => prefix + place.Theirs).ToList();
        var surplus = file.Tensors.Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal) && !known.Contains(one.Name)
            && !one.Name.EndsWith(Counter, StringComparison.Ordinal)).Select(one => $"{one.Name} ({one.Size})").ToList();
        var misshapen = (from place in places
                         let stored = file.Find(prefix + place.Theirs)
                         where stored is not null
                         let shape = ours[place.Ours].shape
                         where !shape.SequenceEqual(stored.Shape) || !stored.Element.IsFloating()
                         select stored.Element.IsFloating()
                             ? $"{stored.Name} ({stored.Size} in the file, {StoredTensor.SizeOf(shape)} in the network)"
                             : $"{stored.Name} ({stored.Element}, whole numbers)").ToList();
        if (missing.Count + surplus.Count + misshapen.Count > 0)
        {
            throw new DataProblem(file.Path, $"it does not fit {SpecJson.Write(options).ReplaceLineEndings(" ")}: " + string.Join("; ",
                Part("missing", missing), Part("surplus", surplus), Part("of another shape", misshapen)),
                $"choose the network that was trained; {names.Name} has {string.Join(", ", names.Networks.Keys)}, and dimension and " +
                "resolution must fit too");
        }

        return
        [
            .. places.Select(place => file.Find(prefix + place.Theirs)).Where(one => one is { Element: not TensorElement.F32 })
                .GroupBy(one => one!.Element).Select(group => $"{group.Count()} tensors converted from {group.Key} to F32"),
            .. places.Where(place => file.Find(prefix + place.Theirs) is null)
                .Select(place => $"{place.Ours} is {place.Constant}: the file has no {prefix}{place.Theirs}"),
            .. file.Tensors.Where(one => !one.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(one => $"{one.Name} ({one.Size})").ToList() is { Count: > 0 } beside
                ? [$"beside the network, not loaded: {Listed(beside)}"] : (string[])[],
        ];
    }

    private static string Part(string what, List<string> keys) => $"{keys.Count} {what}{(keys.Count > 0 ? $": {Listed(keys)}" : "")}";

    private static string Listed(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }

    private static void CheckFinite(Tensor target, string name, TensorSet file)
    {
        using var scope = NewDisposeScope();
        if (target.isfinite().all().item<bool>()) return;
        throw new DataProblem(file.Path, $"\"{name}\" has values that are NaN or infinite, or beyond float32", "get an undamaged file");
    }
}
