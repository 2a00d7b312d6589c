using Ablation.Benchmarks;
using Ablation.Harness.Native;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;

TorchNative.Prepare();
var config = LossRun.Config(LossBenchmark.Grid, Path.Combine("results", "micro", "benchmarkdotnet")).AddLogger(ConsoleLogger.Default);
return BenchmarkSwitcher.FromAssembly(typeof(LossBenchmark).Assembly).Run(args, config).Any(summary => summary.HasCriticalValidationErrors)
    ? 1 : 0;
