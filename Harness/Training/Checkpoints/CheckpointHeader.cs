using System.Text.Json.Serialization;
using Ablation.Harness.Provenance;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>The header of a checkpoint, as JSON; the tensors' bytes follow it in the file.</summary>
/// <param name="Spec">Id of the trial's specification.</param>
/// <param name="Processor">Model of the processor that wrote it.</param>
/// <param name="Split">Pieces of a micro-batch, see <see cref="TrialControl"/>.</param>
/// <param name="Commit">Of the program that wrote it.</param>
/// <param name="Threads">Threads of libtorch; another number may round differently.</param>
/// <param name="Device">Kind of device: cpu, cuda, mps.</param>
/// <param name="BadImages">Training images found unreadable so far, by index.</param>
/// <param name="Head">How loss and proxies were computed.</param>
/// <param name="AdamSteps">Steps of AdamW, one per parameter; empty with SGD.</param>
/// <param name="Spent">Time, memory and energy used so far, including earlier attempts.</param>
/// <param name="Origin">The trial's data and initial values; null in trained weights, and in checkpoints of earlier versions.</param>
/// <param name="BegunAnew">See <see cref="TrialProvenance.BegunAnew"/>.</param>
/// <param name="Restarts">How often the trial had been resumed or restarted when this checkpoint was written.</param>
public sealed record CheckpointHeader(string Spec, string Commit, string Processor, int Split, int Threads, string Device, LoopRecord Loop,
    IReadOnlyList<int> BadImages, HeadChoice? Head, IReadOnlyList<long> AdamSteps, Spent Spent, int Restarts,
    IReadOnlyList<StoredTensor> Tensors, TrialOrigin? Origin = null, string? BegunAnew = null);

/// <summary>Counters and log points of a training, over all attempts.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Images">Images trained on.</param>
/// <param name="Seconds">Seconds trained.</param>
/// <param name="WaitedSeconds">Seconds of them in which no batch was ready.</param>
/// <param name="LogPointStep">Step of the last log point.</param>
/// <param name="LogPointImages">Images trained on by then.</param>
/// <param name="LogPointSeconds">Seconds trained by then.</param>
/// <param name="Window">Indices of the images of each step since that log point.</param>
/// <param name="History">All log points.</param>
public sealed record LoopRecord(long Step, long Images, double Seconds, double WaitedSeconds,
    [property: JsonPropertyName("lookStep")] long LogPointStep, [property: JsonPropertyName("lookImages")] long LogPointImages,
    [property: JsonPropertyName("lookSeconds")] double LogPointSeconds, IReadOnlyList<IReadOnlyList<int>> Window,
    IReadOnlyList<HistoryPoint> History);

/// <summary>A tensor of a checkpoint: little-endian values in logical order, independent of the layout in memory.</summary>
/// <param name="Offset">From the first byte after the header.</param>
public sealed record StoredTensor(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Bytes);

/// <summary>A tensor of the training and its name in a checkpoint.</summary>
public sealed record NamedTensor(string Name, Tensor Values);
