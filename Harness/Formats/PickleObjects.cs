using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>Knows what the globals of one kind of file stand for. None is ever looked up or run.</summary>
internal abstract class PickleObjects(string path)
{
    /// <summary>For messages about what such files do not have: "no image file needs".</summary>
    public abstract string Needs { get; }

    /// <summary>What helps against a damaged file.</summary>
    public abstract string Cure { get; }

    /// <summary>Whether such files have dictionaries, objects and persistent ids.</summary>
    public virtual bool HasMaps => false;

    /// <summary>Limit of values; a file of 7,000 pairs of images needs some 100,000, a state dict of 1,000 tensors 30,000.</summary>
    public virtual int MostValues => 1 << 22;

    /// <summary>Returns what a global stands for.</summary>
    /// <exception cref="DataProblem">No such file may name it.</exception>
    public abstract object Find(string module, string name, int at);

    /// <summary>Returns the value of callable(arguments).</summary>
    /// <exception cref="DataProblem">It is not called so in such files.</exception>
    public abstract object Call(object? callable, object? arguments, int at);

    /// <summary>Sets the state of an object that <see cref="Call"/> made.</summary>
    /// <exception cref="DataProblem">The object has no such state.</exception>
    public abstract void Build(object? target, object? state, int at);

    /// <summary>Returns what a persistent id stands for.</summary>
    /// <exception cref="DataProblem">It is none of such files.</exception>
    public virtual object Stored(object? id, int at) => throw Problem(at, "a persistent id", Cure);

    protected DataProblem Problem(int at, string what, string cure) => new($"{path}@{at}", what, cure);

    protected static string Clean(string name) =>
        new([.. name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '?')]);
}

/// <summary>A dictionary of a pickle; of equal keys the last counts, as in Python.</summary>
internal sealed class PickleMap
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A value of a class that is not read: only its name is known.</summary>
internal sealed record PickleOpaque(string Name)
{
    public static readonly PickleOpaque Set = new("set"), Number = new("int");
}
