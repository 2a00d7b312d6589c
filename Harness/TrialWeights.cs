using System.Security.Cryptography;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Harness;

/// <summary>
/// The trained network of a finished trial: <c>weights.bin</c>, a checkpoint that holds the backbone, and the proxies of a loss with
/// several per identity.
/// </summary>
public static class TrialWeights
{
    public const string FileName = "weights.bin";

    /// <summary>Builds the drawn network of every trial with this seed, backbone and resolution, before <see cref="TrialStart"/>.</summary>
    public static Backbone Initial(TrialSpec spec)
    {
        manual_seed(new SeedStreams(spec.Seed).Weights);
        return spec.Backbone.Build(spec.Resolution);
    }

    /// <summary>Computes the SHA-256 of parameters and buffers.</summary>
    public static string Hash(Backbone backbone) => TensorBytes.Hash(Checkpoint.List(backbone, "backbone"));

    /// <summary>Writes the network, flushes it and reads it back.</summary>
    /// <exception cref="WeightsException">The file could not be written; no part of it remains.</exception>
    internal static void Write(string path, Backbone backbone, FaceLoss loss, TrialSpec spec, TrialPlace place, long steps)
    {
        using var scope = NewDisposeScope();
        var tensors = Checkpoint.List(backbone, "backbone");
        if (loss.Centers > 1) tensors.AddRange(Checkpoint.List(loss, "loss")); // for the search of wrong labels
        var header = new CheckpointHeader(spec.Id(), Machine.Program, Machine.ProcessorName, 1, place.Threads, place.DeviceType,
            new LoopRecord(steps, 0, 0, 0, 0, 0, 0, [], []), [], null, [], new Spent(DateTimeOffset.UnixEpoch, 0, null, null, null), 0,
            CheckpointFile.Table(tensors));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            PatientFile.Delete(path);
            CheckpointFile.Write(path, header, tensors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            try { PatientFile.Delete(path); }
            catch (Exception inner) when (inner is IOException or UnauthorizedAccessException) { } // the first error is the one to report
            throw new WeightsException(
                $"{path}: the trained weights could not be written ({e.Message}); free space, choose another --results folder, or run " +
                $"with --no-weights", e);
        }
    }

    /// <summary>
    /// Loads the network of a finished trial from its stored weights or its last checkpoint, or, if it was never trained, from its seed.
    /// </summary>
    /// <param name="folder">The trial's folder.</param>
    /// <param name="data">For the initial weights of a network that was not trained; null for the current folder.</param>
    /// <exception cref="DataProblem">There are no weights, or they are damaged or belong to another trial.</exception>
    public static Backbone Load(TrialResult result, string folder, DataRoot? data = null)
    {
        if (result.Status != TrialStatus.Done)
            throw new DataProblem(folder, $"the trial is {result.Ending()}: there is nothing to evaluate", "choose a trial that is done");
        var backbone = Initial(result.Spec);
        try
        {
            if (result.Spec.Training.Epochs > 0)
            {
                ChannelsLast.Apply(backbone); // as in training: another layout rounds differently
                Copy(result, folder, stored => stored.CopyTo(backbone, "backbone"));
            }
            else
            {
                TrialStart.Apply(backbone, result.Spec.Backbone, data ?? new DataRoot("."));
                if (StateHash(backbone) != result.Pairing.Weights)
                    throw new DataProblem(folder, "this version draws other initial weights than the one that ran the trial",
                        "delete the folder and run the suite again");
            }

            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Computes the SHA-256 of <see cref="Pairing.Weights"/>.</summary>
    internal static string StateHash(Backbone backbone) => Hash(backbone.state_dict().Values);

    internal static string Hash(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            using var detached = tensor.detach();
            using var onHost = detached.cpu();
            using var values = onHost.contiguous(); // held while its bytes are read
            hash.AppendData(values.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string HashOfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Loads the loss of a finished trial: its proxies, and what else it trained.</summary>
    /// <inheritdoc cref="Load" path="/param"/>
    /// <inheritdoc cref="Load" path="/exception"/>
    /// <param name="shape">That it was trained with.</param>
    public static FaceLoss LoadLoss(TrialResult result, string folder, LossShape shape)
    {
        var loss = result.Spec.Loss.Build(shape);
        try
        {
            Copy(result, folder, stored =>
            {
                if (stored.Header.Tensors.All(tensor => !tensor.Name.StartsWith("loss.", StringComparison.Ordinal)))
                    throw new DataProblem(stored.Path, "the proxies were not kept",
                        "they are of a loss with several proxies per identity; run another with --keep-checkpoint");
                stored.CopyTo(loss, "loss");
            });
            return loss;
        }
        catch
        {
            loss.Dispose();
            throw;
        }
    }

    private static void Copy(TrialResult result, string folder, Action<Checkpoint> copy)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path) && CheckpointFolder.NewestStep(folder) is { } step) path = Path.Combine(folder, $"checkpoint-{step}.bin");
        if (!File.Exists(path))
            throw new DataProblem(path, "the trained weights were not kept",
                "delete the trial's folder and run the suite again without --no-weights");
        try
        {
            var stored = Checkpoint.Open(path);
            if (stored.Header.Spec != result.Id) throw new InvalidDataException($"belongs to trial {stored.Header.Spec}");
            if (stored.Header.Loop.Step != result.Steps)
                throw new InvalidDataException($"is of step {stored.Header.Loop.Step}, the trial ended at {result.Steps}");
            if (result.Files?.TryGetValue(Path.GetFileName(path), out var hash) == true && HashOfFile(path) != hash)
                throw new InvalidDataException(
                    "does not have the checksum that result.json lists: it is of another training of this trial");
            copy(stored);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DataProblem(path, e.Message, "delete the trial's folder and run the suite again", e);
        }
    }
}

/// <summary>The trained weights could not be stored.</summary>
public sealed class WeightsException(string message, Exception inner) : IOException(message, inner);
