using Ablation.Harness.Provenance;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>What a checkpoint says of itself, as JSON; the tensors' bytes follow it in the file.</summary>
/// <param name="Spec">Id of the trial's specification.</param>
/// <param name="Processor">Model of the processor that it was made with.</param>
/// <param name="Split">Pieces of a micro-batch, see <see cref="TrialControl"/>.</param>
/// <param name="Commit">Of the program that wrote it.</param>
/// <param name="Threads">Of libtorch; another number may round otherwise.</param>
/// <param name="Device">Kind of device: cpu, cuda, mps.</param>
/// <param name="BadImages">Training images found unreadable so far, by index.</param>
/// <param name="Head">How loss and proxies were computed.</param>
/// <param name="AdamSteps">Steps of AdamW, one a parameter; empty with SGD.</param>
/// <param name="Spent">What the trial has taken so far, earlier attempts included.</param>
/// <param name="Origin">What the trial began with; null in trained weights, and in checkpoints of earlier versions.</param>
/// <param name="BegunAnew">See <see cref="TrialProvenance.BegunAnew"/>.</param>
/// <param name="Restarts">How often it had gone on from a checkpoint, or begun again, when this one was written.</param>
public sealed record CheckpointHeader(string Spec, string Commit, string Processor, int Split, int Threads, string Device, LoopRecord Loop,
    IReadOnlyList<int> BadImages,
    HeadChoice? Head, IReadOnlyList<long> AdamSteps, Spent Spent, int Restarts, IReadOnlyList<StoredTensor> Tensors,
    TrialOrigin? Origin = null, string? BegunAnew = null);

/// <summary>Counters and looks of a training, over all attempts.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Images">Seen by them.</param>
/// <param name="Seconds">Trained.</param>
/// <param name="WaitedSeconds">Of them, how long no batch was ready.</param>
/// <param name="LookStep">Step of the last look at the loss.</param>
/// <param name="LookImages">Images seen by then.</param>
/// <param name="LookSeconds">Seconds trained by then.</param>
/// <param name="Window">Indices of the images of each step since that look.</param>
/// <param name="History">All looks.</param>
public sealed record LoopRecord(long Step, long Images, double Seconds, double WaitedSeconds, long LookStep, long LookImages,
    double LookSeconds,
    IReadOnlyList<IReadOnlyList<int>> Window, IReadOnlyList<HistoryPoint> History);

/// <summary>A tensor of a checkpoint: little-endian values in logical order, whatever the layout in memory was.</summary>
/// <param name="Offset">From the first byte after the header.</param>
public sealed record StoredTensor(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Bytes);

/// <summary>A tensor of the training and what a checkpoint calls it.</summary>
public sealed record NamedTensor(string Name, Tensor Values);
