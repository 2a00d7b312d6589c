using System.ComponentModel.DataAnnotations;

namespace Ablation.Harness.Metrics;

/// <summary>Accepts the name of a <see cref="PairConvention"/>, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConventionNameAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || PairConvention.All.Any(one => one.Name.Equals(value));

    /// <inheritdoc/>
    public override string FormatErrorMessage(string name) => $"{name}; known: {PairConvention.Known}";
}
