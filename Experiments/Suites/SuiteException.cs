namespace Ablation.Experiments.Suites;

/// <summary>A suite file cannot be used: file, line, what is wrong, and what is known.</summary>
public sealed class SuiteException(string message, Exception? inner = null) : Exception(message, inner);
