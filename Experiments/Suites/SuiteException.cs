namespace Ablation.Experiments.Suites;

/// <summary>A suite file cannot be used. The message gives file, line, problem and known values.</summary>
public sealed class SuiteException(string message, Exception? inner = null) : Exception(message, inner);
